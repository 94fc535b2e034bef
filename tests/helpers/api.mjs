// The facts of api/operations.json, as tests need them.
import { readFileSync } from "node:fs";

const file = new URL("../../api/operations.json", import.meta.url);
export const description = JSON.parse(readFileSync(file, "utf8"));

const user = "auth0|507f1f77bcf86cd799439020";

/** The query parameters of an operation, with what the shared ones say. */
function queryOf({ query }) {
  return (query?.parameters ?? [])
    .map((parameter) => (typeof parameter === "string" ? { name: parameter } : parameter))
    .map((own) => ({ ...(own.type ? {} : description.parameters[own.name]), ...own }))
    .filter((parameter) => !parameter.server_only);
}

/** The operations: their rows of the file, and what follows from them. */
export const operations = Object.entries(description.operations).map(([name, row]) => {
  const [method, path] = row.endpoint.split(" ");
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, id]) => id);
  const example = { ids: ids.map(() => user), ...row.example };
  return { ...row, name, method, path, ids, parameters: queryOf(row), needs: row.needs ?? "any", example };
});

/** The operation of that name. */
export const operationNamed = (name) => operations.find((operation) => operation.name === name);

/** A value as it stands in a query. */
const text = (value) => (Array.isArray(value) ? value.join() : String(value));

/** Returns what a query sends by default. A list that knows both ways of paging goes by checkpoint. */
function defaults({ parameters }) {
  const isBoth = ["page", "take"].every((name) => parameters.some((parameter) => parameter.name === name));
  return parameters.filter((parameter) => parameter.default !== undefined && (!isBoth || parameter.name === "take"));
}

/** The first line of the request that a call makes, with its query parameters in alphabetical order. */
export function requestLine(operation, ids, request) {
  const path = ids.reduce((path, id) => path.replace(/\{\w+\}/, encodeURIComponent(id)), operation.path);
  const query = Object.fromEntries(defaults(operation).map((parameter) => [parameter.name, parameter.default]));
  const pairs = Object.entries(operation.query ? { ...query, ...request } : {});
  const sent = pairs.map(([name, value]) => `${name}=${encodeURIComponent(text(value))}`).sort();
  return `${operation.method} ${path}${sent.length > 0 ? `?${sent.join("&")}` : ""}`;
}

/** The body of the request that a call makes; undefined if it has none. */
export function requestBody({ body }, request) {
  return body && (request ?? (body.optional ? {} : undefined));
}

/** A value that a query parameter can have. */
export function sampleOf({ type, format }) {
  if (format === "sort") return "created_at:-1";
  if (type === "string[]") return ["user_id", "email"];
  return { integer: 7, boolean: false, string: 'a+b= c:"d*"' }[type] ?? description.types.users.types[type].enum[0];
}

/** The method of the client that an operation is named after, bound to its resource. */
export function methodOf(client, name) {
  const path = name.split(".");
  const last = path.pop();
  const resource = path.reduce((object, part) => object[part], client);
  return resource[last].bind(resource);
}
