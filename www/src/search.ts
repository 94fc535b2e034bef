// What an operator looks for, as a query of the API. Values never become syntax: each is quoted or escaped here.

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

/** The value as one exact term. */
export const quoted = (value: string) => `"${value.replace(/["\\]/g, "\\$&")}"`;

/** The value as part of a term, in which an asterisk that is added later is the only syntax. */
export const escaped = (value: string) => value.replace(/[^\p{L}\p{N}_]/gu, "\\$&");

/** Text that a field has anywhere. The API needs three characters after a leading asterisk. */
function containing(field: string, value: string): string {
  return `${field}:${[...value].length < 3 ? "" : "*"}${escaped(value)}*`;
}

function between(field: string, from: string, to: string): string[] {
  return from || to ? [`${field}:[${from || "*"} TO ${to ? `${to}T23:59:59.999Z` : "*"}]`] : [];
}

/** The query of the API for the filters; undefined where all users are meant. */
export function queryOf(filters: Filters): string | undefined {
  const value = (name: keyof Filters) => filters[name].trim();
  const parts: string[] = [];
  const text = value("text");
  if (text.includes("|")) parts.push(`user_id:${quoted(text)}`);
  else if (text) parts.push(`(${["name", "email", "nickname"].map((field) => containing(field, text)).join(" OR ")})`);
  if (value("email")) parts.push(`email:${quoted(value("email"))}`);
  if (value("name")) parts.push(containing("name", value("name")));
  if (value("user_id")) parts.push(`user_id:${quoted(value("user_id"))}`);
  if (value("connection")) parts.push(`identities.connection:${quoted(value("connection"))}`);
  if (value("blocked") === "yes") parts.push("blocked:true");
  if (value("blocked") === "no") parts.push("NOT blocked:true");
  if (value("verified") === "yes") parts.push("email_verified:true");
  if (value("verified") === "no") parts.push("email_verified:false");
  parts.push(...between("created_at", value("created_from"), value("created_to")));
  parts.push(...between("last_login", value("login_from"), value("login_to")));
  // A query of nothing but NOT matches nobody.
  if (parts.length > 0 && parts.every((part) => part.startsWith("NOT "))) parts.unshift("user_id:*");
  return parts.join(" AND ") || undefined;
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
