//! The users of a tenant, page by page, and one of them. The page has no token: it talks to the proxy of its own server.

use std::mem;

use auth0_users::types::{ListUsers, User};
use auth0_users::{Client, Code, Error, Failure, Items};
use futures_util::stream::FusedStream as _;
use futures_util::{StreamExt as _, TryStreamExt as _};
use yew::prelude::*;

/// How many users are loaded, and so shown, at a time.
const PAGE_SIZE: u8 = 20;

fn main() {
    yew::Renderer::<App>::new().render();
}

struct App {
    client: Client,
    users: Vec<User>,
    /// The users after those.
    rest: Loading<Items<User>>,
    /// The id of the user whose details are shown, and those.
    opened: Option<(String, Loading<User>)>,
}

enum Message {
    List,
    More,
    Listed(Result<(Vec<User>, Items<User>), Error>),
    Open(String),
    Opened(String, Box<Result<User, Error>>),
}

/// What the server was asked for.
enum Loading<T> {
    Pending,
    Done(T),
    Failed(Error),
}

impl<T> From<Result<T, Error>> for Loading<T> {
    fn from(result: Result<T, Error>) -> Self {
        result.map_or_else(Self::Failed, Self::Done)
    }
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        ctx.link().send_message(Message::List);
        Self {
            client: Client::builder()
                .base_url("/admin-api")
                .build()
                .expect("a page has an address of its own"),
            users: Vec::new(),
            rest: Loading::Pending,
            opened: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let client = self.client.clone();
        match message {
            Message::List => {
                self.users.clear();
                self.rest = Loading::Pending;
                ctx.link()
                    .send_future(async move { Message::Listed(first_page(&client).await) });
            }
            Message::More => {
                if let Loading::Done(rest) = mem::replace(&mut self.rest, Loading::Pending) {
                    ctx.link()
                        .send_future(async { Message::Listed(next_page(rest).await) });
                }
            }
            Message::Listed(page) => {
                self.rest = page
                    .map(|(users, rest)| {
                        self.users.extend(users);
                        rest
                    })
                    .into();
            }
            Message::Open(id) => {
                self.opened = Some((id.clone(), Loading::Pending));
                ctx.link().send_future(async move {
                    let user = client.users().get(&id).await;
                    Message::Opened(id, Box::new(user))
                });
            }
            Message::Opened(id, user) => {
                // Another one may have been opened since.
                if let Some((_, opened)) = self.opened.as_mut().filter(|(wanted, _)| *wanted == id)
                {
                    *opened = (*user).into();
                }
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        html! {
            <main>
                <section aria-label="Users">
                    <h1>{ "Users" }</h1>
                    <ul>{ for self.users.iter().map(|user| self.view_row(ctx, user)) }</ul>
                    { self.view_rest(ctx) }
                </section>
                <section aria-label="Details" aria-live="polite">
                    { self.opened.as_ref().map(|(_, user)| view_details(user)) }
                </section>
            </main>
        }
    }
}

impl App {
    fn view_row(&self, ctx: &Context<Self>, user: &User) -> Html {
        let id = user.user_id.clone();
        let is_opened = self
            .opened
            .as_ref()
            .is_some_and(|(opened, _)| *opened == id);
        let open = ctx.link().callback(move |_| Message::Open(id.clone()));
        html! {
            <li key={user.user_id.clone()}>
                <button onclick={open} aria-current={is_opened.to_string()}>{ name(user) }</button>
            </li>
        }
    }

    /// What stands below the list: how far it goes, and how it goes on.
    fn view_rest(&self, ctx: &Context<Self>) -> Html {
        let button = |label: &'static str, message: fn() -> Message| {
            html! { <button onclick={ctx.link().callback(move |_| message())}>{ label }</button> }
        };
        match &self.rest {
            Loading::Pending => html! { <p role="status">{ "Loading…" }</p> },
            Loading::Failed(error) => html! {
                <>
                    <p role="alert">{ explain(error) }</p>
                    { button("Try again", || Message::List) }
                </>
            },
            Loading::Done(rest) => {
                let shown = self.users.len();
                let count = match rest.total() {
                    Some(total) => format!("{shown} of {total} users"),
                    None => format!("{shown} users"),
                };
                html! {
                    <>
                        <p role="status">{ count }</p>
                        if !rest.is_terminated() {
                            { button("Show more", || Message::More) }
                        }
                    </>
                }
            }
        }
    }
}

fn view_details(user: &Loading<User>) -> Html {
    let user = match user {
        Loading::Pending => return html! { <p>{ "Loading…" }</p> },
        Loading::Failed(error) => return html! { <p role="alert">{ explain(error) }</p> },
        Loading::Done(user) => user,
    };
    let connections: Vec<_> = user
        .identities
        .iter()
        .flatten()
        .filter_map(|identity| identity.connection.as_deref())
        .collect();
    let state = match (user.blocked, user.email_verified) {
        (Some(true), _) => "blocked",
        (_, Some(true)) => "active",
        _ => "email not verified",
    };
    let known = [
        ("Id", Some(user.user_id.clone())),
        ("Email", user.email.clone()),
        ("State", Some(state.to_owned())),
        ("Connections", Some(connections.join(", "))),
        ("Logins", user.logins_count.map(|count| count.to_string())),
    ];
    let known = known
        .into_iter()
        .filter_map(|(term, text)| Some((term, text?)));
    html! {
        <>
            <h2>{ name(user) }</h2>
            <dl>
                { for known.map(|(term, text)| html! { <><dt>{ term }</dt><dd>{ text }</dd></> }) }
            </dl>
        </>
    }
}

/// The first users, and the stream of those after them.
async fn first_page(client: &Client) -> Result<(Vec<User>, Items<User>), Error> {
    let query = ListUsers {
        per_page: Some(PAGE_SIZE.into()),
        sort: Some("created_at:1".to_owned()),
        ..ListUsers::default()
    };
    next_page(client.users().list(&query).await?.into_stream()).await
}

/// The next users of a stream, which loads them when it is asked, and the stream of those after them.
async fn next_page(mut rest: Items<User>) -> Result<(Vec<User>, Items<User>), Error> {
    let page = rest.by_ref().take(PAGE_SIZE.into());
    Ok((page.try_collect().await?, rest))
}

/// What people know a user by.
fn name(user: &User) -> String {
    let names = [&user.name, &user.email, &user.phone_number];
    let name = names.into_iter().flatten().next();
    name.unwrap_or(&user.user_id).clone()
}

/// What went wrong and what to do, for whoever looks at the page.
fn explain(error: &Error) -> String {
    match error {
        Error::Failed(failure) => explain_failure(failure),
        other => other.to_string(),
    }
}

fn explain_failure(failure: &Failure) -> String {
    let text = match failure.code {
        Code::NotFound => "This user does not exist any more.",
        Code::Forbidden => "You do not have permission to see this.",
        Code::Unauthorized => "You are not signed in.",
        Code::RateLimited => "Too much is going on just now. Try again in a minute.",
        Code::Network | Code::Timeout | Code::Deadline => {
            "The server does not answer. Check your connection, and try again."
        }
        _ => {
            let id = failure.request_id().unwrap_or_else(|| "none".to_owned());
            return format!("{failure}. For support: request {id}.");
        }
    };
    text.to_owned()
}
