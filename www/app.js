import { ManagementClient, isManagementError } from "/pkg/index.js";

const $ = (id) => document.getElementById(id);
const json = (value) => JSON.stringify(value, null, 2);
const fields = ["user_id", "name", "email", "phone_number", "identities", "last_login", "created_at"];
const perPage = 20;

let users; // client.users, once connected
let pages = []; // the pages seen so far; the current one is the last
let sort = "created_at:-1";
let shown; // the user in the detail view
const reading = {}; // what ends a list, or a user, that nobody waits for any more
let writing = false;

/** What an error means to somebody who did not write this page. */
function inWords(error) {
  if (error instanceof SyntaxError) return `That is not JSON: ${error.message}`;
  if (!isManagementError(error)) return error.message;
  const said = typeof error.body?.message === "string" ? ` The tenant says: ${error.body.message}` : "";
  if (error.errorCode === "inexistent_user") return "There is no such user.";
  const words = {
    timeout: "The tenant took too long to answer. Try again.",
    network: "The tenant did not answer. Is it running, and is the base URL right?",
    bad_response: "Something answered that is not the Auth0 API. Is the base URL right?",
    unauthorized: "The tenant does not accept this token.",
    forbidden: "This token does not allow that.",
    not_found: "There is nothing at this address. Is the base URL right?",
    conflict: "There is such a user already.",
    rate_limited: "These were too many requests. Wait a moment and try again.",
    bad_request: "The tenant refused that.",
    server: "Something went wrong inside the tenant. Try again.",
  };
  return words[error.code] + said;
}

/** Does what a click asks for, and tells what goes wrong. */
async function act(work, alert = $("alert")) {
  alert.textContent = $("outcome").textContent = "";
  try {
    await work();
  } catch (error) {
    if (error.name !== "AbortError") alert.textContent = inWords(error);
  }
}

/** The same for what changes something: a second click while the first is under way does nothing. */
async function change(work, alert) {
  if (writing) return;
  writing = true;
  await act(work, alert);
  writing = false;
}

/** Request options under which a later list, or get, ends the one before. */
function instead(of) {
  reading[of]?.abort();
  reading[of] = new AbortController();
  return { abortSignal: reading[of].signal };
}

/** The browser's fetch, with each call noted: its method, its address and its status, never its token. */
async function notedFetch(url, init) {
  const { pathname, search } = new URL(url);
  const status = document.createElement("span");
  const line = document.createElement("li");
  line.append(`${init.method} ${pathname}${search} `, status);
  $("calls").prepend(line);
  try {
    const response = await fetch(url, init);
    status.textContent = response.status;
    line.classList.toggle("failed", !response.ok);
    return response;
  } catch (error) {
    status.textContent = "no answer";
    line.classList.add("failed");
    throw error;
  }
}

function connect({ baseUrl, token }) {
  $("connect").baseUrl.value = baseUrl;
  $("connect").token.value = token;
  users = new ManagementClient({ baseUrl, token, fetch: notedFetch }).users;
  $("connected").textContent = new URL(baseUrl, location.href).host;
  $("connection").open = false;
  return list();
}

/** Takes base URL and token from the address. The token leaves the address bar, and stays for a reload. */
function connectFromAddress() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const settings = { baseUrl: hash.get("baseUrl"), token: hash.get("token") ?? history.state?.token };
  hash.delete("token");
  history.replaceState({ token: settings.token }, "", `#${hash}`);
  if (settings.baseUrl && settings.token) act(() => connect(settings));
  else $("connection").open = true;
}

async function list() {
  const { by, text } = Object.fromEntries(new FormData($("search")));
  const options = instead("list");
  if (by === "email") {
    const data = await users.listUsersByEmail({ email: text, fields }, options);
    pages = [{ data, response: { total: data.length }, hasNextPage: () => false }];
  } else {
    pages = [await users.list({ q: text || null, sort, per_page: perPage, fields }, options)];
  }
  renderPage();
}

function renderPage() {
  const page = pages.at(-1);
  const start = (pages.length - 1) * perPage;
  $("rows").replaceChildren(...page.data.map(row));
  $("range").textContent = page.data.length
    ? `${start + 1} to ${start + page.data.length} of ${page.response.total}`
    : "No user matches";
  $("previous").disabled = pages.length < 2;
  $("next").disabled = !page.hasNextPage();
  for (const cell of document.querySelectorAll("[data-sort]")) {
    const [field, order] = sort.split(":");
    const direction = order === "1" ? "ascending" : "descending";
    cell.setAttribute("aria-sort", field === cell.dataset.sort ? direction : "none");
  }
}

function row(user) {
  const line = $("row").content.cloneNode(true);
  const [open, contact, connection, login, created] = line.querySelectorAll("[data-cell]");
  open.textContent = user.name ?? user.user_id;
  open.onclick = () => act(async () => show(await users.get(user.user_id, {}, instead("get")), { focus: true }));
  const address = user.email ?? user.phone_number ?? "";
  contact.textContent = address === user.name ? "" : address;
  connection.textContent = user.identities?.[0]?.connection ?? "";
  login.textContent = day(user.last_login) ?? "never";
  created.textContent = day(user.created_at) ?? "";
  return line;
}

function day(time) {
  return time && new Date(time).toLocaleDateString(undefined, { dateStyle: "medium" });
}

function show(user, { focus = false } = {}) {
  shown = user;
  $("detail").hidden = false;
  $("who").textContent = user.name ?? user.user_id;
  $("json").textContent = json(user);
  $("changes").value = json({ user_metadata: user.user_metadata ?? {} });
  if (focus) $("detail").focus();
}

$("connect").onsubmit = (event) => {
  event.preventDefault();
  const settings = Object.fromEntries(new FormData($("connect")));
  history.replaceState({ token: settings.token }, "", `#${new URLSearchParams({ baseUrl: settings.baseUrl })}`);
  act(() => connect(settings));
};

$("search").onsubmit = (event) => {
  event.preventDefault();
  act(list);
};

$("next").onclick = () =>
  act(async () => {
    const page = pages.at(-1);
    const next = await page.getNextPage();
    if (page !== pages.at(-1)) return;
    pages.push(next);
    renderPage();
  });

$("previous").onclick = () => {
  pages.pop();
  renderPage();
};

for (const cell of document.querySelectorAll("[data-sort]")) {
  cell.firstElementChild.onclick = () => {
    sort = `${cell.dataset.sort}:${cell.ariaSort === "ascending" ? -1 : 1}`;
    act(list);
  };
}

$("new").onclick = () => $("creating").showModal();

$("create").onsubmit = (event) => {
  if (event.submitter?.value === "cancel") return;
  event.preventDefault();
  const given = [...new FormData($("create"))].filter(([, value]) => value !== "");
  change(async () => {
    const user = await users.create(Object.fromEntries(given));
    $("create").reset();
    $("creating").close();
    show(user, { focus: true });
    $("outcome").textContent = "Created.";
    await list();
  }, $("not-created"));
};

$("update").onsubmit = (event) => {
  event.preventDefault();
  change(async () => {
    show(await users.update(shown.user_id, JSON.parse($("changes").value)));
    $("outcome").textContent = "Updated.";
  });
};

$("recovery").onclick = () =>
  change(async () => {
    const { recovery_code } = await users.regenerateRecoveryCode(shown.user_id);
    $("outcome").textContent = `The new recovery code is ${recovery_code}. It is shown only now.`;
  });

$("revoke").onclick = () =>
  change(async () => {
    await users.revokeAccess(shown.user_id);
    $("outcome").textContent = "Sessions and refresh tokens are revoked.";
  });

$("delete").onclick = () => {
  $("doomed").textContent = $("who").textContent;
  $("deleting").returnValue = "";
  $("deleting").showModal();
};

$("deleting").onclose = () => {
  if ($("deleting").returnValue !== "delete") return;
  change(async () => {
    await users.delete(shown.user_id);
    $("detail").hidden = true;
    $("search").text.focus();
    await list();
  });
};

addEventListener("hashchange", connectFromAddress);
connectFromAddress();
