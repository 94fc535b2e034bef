// What an operator looks for, as a query of the API.
import { and, contains, eq, not, or, prefix, type Query, range } from "auth0-users/admin";

/** The most that a search reaches, whatever it matches. */
export const REACH = 1000;
export const PER_PAGE = 25;

/** The filters of the list, each the text of its field; an empty one does not filter. */
export interface Filters {
  text: string;
  email: string;
  name: string;
  user_id: string;
  connection: string;
  blocked: string;
  verified: string;
  created_from: string;
  created_to: string;
  login_from: string;
  login_to: string;
}

export interface View extends Filters {
  sort: string;
  page: number;
}

export const NO_FILTERS: Filters = {
  text: "",
  email: "",
  name: "",
  user_id: "",
  connection: "",
  blocked: "",
  verified: "",
  created_from: "",
  created_to: "",
  login_from: "",
  login_to: "",
};

const DEFAULT_SORT = "created_at:-1";
export const SORTS = ["name", "email", "logins_count", "last_login", "created_at"];

/** Finds text anywhere in a field; of one or two characters, which the API finds nowhere else, at its beginning. */
const having = (field: string, value: string) => ([...value].length < 3 ? prefix : contains)(field, value);

/** From the beginning of one day to the end of another. */
function days(field: string, from: string, to: string): Query[] {
  return from || to ? [range(field, { ...(from && { gte: from }), ...(to && { lte: `${to}T23:59:59.999Z` }) })] : [];
}

/** The query of the API for the filters; undefined where all users are meant. */
export function queryOf(filters: Filters): string | undefined {
  const value = (name: keyof Filters) => filters[name].trim();
  const exact = (field: string, name: keyof Filters) => (value(name) ? [eq(field, value(name))] : []);
  const parts: Query[] = [];
  const text = value("text");
  if (text.includes("|")) parts.push(eq("user_id", text));
  else if (text) parts.push(or(having("name", text), having("email", text), having("nickname", text)));
  parts.push(...exact("email", "email"));
  if (value("name")) parts.push(having("name", value("name")));
  parts.push(...exact("user_id", "user_id"), ...exact("identities.connection", "connection"));
  if (value("blocked") === "yes") parts.push(eq("blocked", true));
  if (value("blocked") === "no") parts.push(not(eq("blocked", true)));
  const verified = { yes: true, no: false }[value("verified")];
  if (verified !== undefined) parts.push(eq("email_verified", verified));
  parts.push(...days("created_at", value("created_from"), value("created_to")));
  parts.push(...days("last_login", value("login_from"), value("login_to")));
  const [first, ...others] = parts;
  return first && String(and(first, ...others));
}

/** Reads the view from an address. What is no filter, no day or no page is left out. */
export function viewOf(search: string): View {
  const given = new URLSearchParams(search);
  const filters = { ...NO_FILTERS };
  for (const name of Object.keys(filters) as (keyof Filters)[]) {
    const value = given.get(name) ?? "";
    const isDay = /_(from|to)$/.test(name);
    if (!isDay || /^\d{4}-\d\d-\d\d$/.test(value)) filters[name] = value;
  }
  const [field = "", order] = (given.get("sort") ?? "").split(":");
  const isSort = SORTS.includes(field) && (order === "1" || order === "-1");
  const page = Number(given.get("page") ?? 1);
  return {
    ...filters,
    sort: isSort ? `${field}:${order}` : DEFAULT_SORT,
    page: Number.isInteger(page) && page >= 1 ? Math.min(page, REACH / PER_PAGE) : 1,
  };
}

/** The address of a view: only what differs from the list of everybody. */
export function addressOf(view: View): string {
  const search = new URLSearchParams();
  for (const name of Object.keys(NO_FILTERS) as (keyof Filters)[]) if (view[name]) search.set(name, view[name]);
  if (view.sort !== DEFAULT_SORT) search.set("sort", view.sort);
  if (view.page > 1) search.set("page", String(view.page));
  return search.size > 0 ? `/?${search}` : "/";
}
