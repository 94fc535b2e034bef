// May this user sign in? Both kinds of block, which are not the same, and each is ended by itself.
import { useQueryClient } from "@tanstack/react-query";
import { type User, users } from "../api";
import { setBlocked, showUser } from "../changes";
import { tell, tellFailure } from "../notices";
import { Badge, Button, Failure, nameOf, useAct } from "../ui";
import { useBlocks } from "./sections";

const KINDS = { admin: "Block by an administrator", bruteForce: "Lockout after failed logins" };

export function Access({ user }: { user: User }) {
  const id = user.user_id;
  const name = nameOf(user);
  const queries = useQueryClient();
  const { busy, act } = useAct();
  const { data: blocks = [], error, isPending, refetch } = useBlocks(id);
  const isBlocked = user.blocked === true;
  const isLocked = blocks.length > 0;

  const lift = (request: { admin?: boolean; bruteForce?: boolean }, said: string) =>
    act(async () => {
      const { steps } = await users.unblock(id, request);
      const isLifted = (step: string) => steps.some(({ name, error }) => name === step && !error);
      if (isLifted("admin")) showUser(queries, id, { blocked: false });
      if (isLifted("bruteForce")) queries.setQueryData(["user", id, "blocks"], []);
      const failed = steps.filter(({ error }) => error);
      for (const { name: step, error } of failed) tellFailure(error, refetch, KINDS[step]);
      if (failed.length === 0) tell(said);
    }, refetch);

  return (
    <section class="card" aria-label="Access" aria-busy={isPending}>
      <div class="row">
        <h2>Access</h2>
        {isBlocked && isLocked && (
          <Button
            needs={["users.update", "userBlocks.delete"]}
            busy={busy}
            onClick={() => lift({ admin: true, bruteForce: true }, `${name} is not blocked any more, in either way.`)}
          >
            End both
          </Button>
        )}
      </div>
      <p role="status">{isPending ? "Loading…" : verdict(isBlocked, error && !isLocked ? undefined : blocks)}</p>
      <ul class="items">
        <li>
          <div>
            <strong>{KINDS.admin}</strong>{" "}
            {isBlocked ? <Badge kind="bad">Blocked</Badge> : <Badge kind="good">Not blocked</Badge>}
            <p class="faint">It holds until an administrator ends it.</p>
          </div>
          <Button needs="users.update" busy={busy} onClick={() => act(() => setBlocked(queries, user, !isBlocked))}>
            {isBlocked ? "Unblock" : "Block"}
          </Button>
        </li>
        <li>
          <div>
            <strong>{KINDS.bruteForce}</strong> {isLocked && <Badge kind="warn">Locked out</Badge>}
            {!isLocked && !error && !isPending && <Badge kind="good">Not locked out</Badge>}
            {blocks.map(({ identifier, ip, connection }) => (
              <p key={`${identifier} ${ip} ${connection}`}>
                {identifier} <span class="faint">{connection}</span>{" "}
                {ip ? <code>{ip}</code> : <Badge>from every address</Badge>}
              </p>
            ))}
            {error && <Failure error={error} retry={refetch} />}
          </div>
          {isLocked && (
            <Button
              needs="userBlocks.delete"
              busy={busy}
              onClick={() => lift({ bruteForce: true }, `${name} is not locked out any more.`)}
            >
              End the lockout
            </Button>
          )}
        </li>
      </ul>
    </section>
  );
}

/** What both kinds of block come to; the lockouts may be unknown. */
function verdict(isBlocked: boolean, blocks: readonly { ip?: string | undefined }[] | undefined): string {
  if (isBlocked) return "Cannot sign in: an administrator has blocked the account.";
  if (!blocks) return "Can sign in, unless locked out.";
  const addresses = blocks.flatMap(({ ip }) => (ip ? [ip] : []));
  if (addresses.length < blocks.length) return "Cannot sign in for now: there were too many failed logins.";
  if (addresses.length > 0) return `Can sign in, but not from ${addresses.join(", ")}.`;
  return "Can sign in.";
}
