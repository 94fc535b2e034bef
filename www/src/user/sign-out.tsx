import { useQueryClient } from "@tanstack/react-query";
import { useState } from "preact/hooks";
import { type User, users } from "../api";
import { showUser } from "../changes";
import { tell } from "../notices";
import { Check, nameOf, useSession } from "../ui";
import { StepsDialog } from "./steps";

const NAMES: Record<string, string> = {
  block: "Block the user",
  revokeAccess: "Revoke access",
  sessions: "End all sessions",
  refreshTokens: "Revoke all refresh tokens",
  verify: "Look what is left",
};

const counted = (count: number, one: string) => `${count === 0 ? "no" : count} ${one}${count === 1 ? "" : "s"}`;

export function SignOutEverywhere({ user, onClose }: { user: User; onClose: () => void }) {
  const { can } = useSession();
  const queries = useQueryClient();
  const [block, setBlock] = useState(false);
  const id = user.user_id;
  const name = nameOf(user);
  return (
    <StepsDialog
      title={`Sign ${name} out everywhere?`}
      action="Sign out everywhere"
      needs={["users.revokeAccess", "users.sessions.delete", "users.refreshToken.delete"]}
      choices={block}
      run={(how) => users.signOutEverywhere(id, { block, ...how })}
      nameOf={(step) => NAMES[step] ?? step}
      onDone={({ ok, steps }) => {
        if (steps.some(({ name, status }) => name === "block" && status === "ok"))
          showUser(queries, id, { blocked: true });
        for (const part of ["sessions", "refreshTokens"])
          void queries.invalidateQueries({ queryKey: ["user", id, part] });
        if (ok) tell(`${name} is signed out everywhere.`);
      }}
      onClose={onClose}
    >
      {({ dryRun, remaining }) => (
        <>
          {remaining && (
            <p>
              There {remaining.sessions === 1 ? "is" : "are"} {counted(remaining.sessions, "session")} and{" "}
              {counted(remaining.refreshTokens, "device")} with a refresh token{dryRun ? "" : " left"}.
              {!dryRun && remaining.sessions + remaining.refreshTokens > 0 && " The tenant ends them in a while."}
            </p>
          )}
          <p class="faint">
            Access tokens that are out stay valid until they expire. This cannot be undone
            {block || user.blocked ? "." : `, but ${name} can sign in again.`}
          </p>
          {dryRun && !user.blocked && can("users.update") && (
            <Check label="Block first, so that nobody signs in meanwhile" checked={block} onChange={setBlock} />
          )}
        </>
      )}
    </StepsDialog>
  );
}
