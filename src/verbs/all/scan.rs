//! Reading a search in windows, which `windows` plans.

use alloc::{boxed::Box, collections::BTreeSet, collections::VecDeque, string::String, vec::Vec};
use core::convert::Infallible;

use super::{
    crowds::{Crowd, Crowds, end},
    read::{Kind, Order, Read, Reader},
    windows::{CAP, PAGES, Slot},
};
use crate::{
    types::{ListUsers, User},
    verbs::{AllError, together},
};

/// After so many windows in a row with nobody new in them there is no way on.
const IDLE_WINDOWS: u8 = 3;

/// A user of a page.
pub(super) struct Found {
    pub(super) user: User,
    /// Whether nobody has been given the user before.
    pub(super) is_new: bool,
    /// Whether those of an instant are read by their ids.
    pub(super) is_by_id: bool,
}

/// A run: the search, and the instant in the midst of it that is read by ids.
pub(super) struct Run {
    reader: Reader,
    crowds: Crowds,
    whole: Scan,
    instant: Option<(String, Scan)>,
}

impl Run {
    pub(super) fn new(reader: Reader) -> Self {
        let place = reader.shared.place.borrow();
        // A cursor may lie in the midst of an instant.
        let at = place.id.is_some().then(|| place.at.clone()).flatten();
        let instant = at.map(|at| (at.clone(), Scan::new(Kind::Instant(at), None)));
        drop(place);
        Self {
            reader,
            crowds: Crowds::new(),
            whole: Scan::new(Kind::Whole, None),
            instant,
        }
    }

    /// The users of the next page, after those of the one before have been given; nobody after the last.
    pub(super) async fn next(&mut self) -> Result<Vec<Found>, AllError> {
        loop {
            let scan = match &mut self.instant {
                Some((_, scan)) => scan,
                None => &mut self.whole,
            };
            match scan.next(&self.reader, &mut self.crowds).await? {
                // A page of nobody is not the end of all.
                Next::Page(users) if users.is_empty() => {}
                Next::Page(users) => return Ok(users),
                Next::Crowd(Crowd { at, first }) => {
                    let scan = Scan::new(Kind::Instant(at.clone()), Some(first));
                    self.instant = Some((at, scan));
                }
                Next::End => match self.instant.take() {
                    Some((at, _)) => self.reader.shared.place.borrow_mut().finish(&at),
                    None => return Ok(Vec::new()),
                },
            }
        }
    }
}

enum Next {
    Page(Vec<Found>),
    Crowd(Crowd),
    End,
}

/// One window after another.
struct Scan {
    kind: Kind,
    idle: u8,
    is_first: bool,
    /// The first page of the next window, if that has been read.
    first: Option<Read>,
    window: Option<Window>,
}

impl Scan {
    fn new(kind: Kind, first: Option<Read>) -> Self {
        Self {
            kind,
            idle: 0,
            is_first: true,
            first,
            window: None,
        }
    }

    async fn next(&mut self, reader: &Reader, crowds: &mut Crowds) -> Result<Next, AllError> {
        loop {
            let Some(window) = &mut self.window else {
                if self.idle >= IDLE_WINDOWS {
                    let reason = "what is read again and again holds nobody new";
                    return Err(reader.capped(&self.kind, reason, CAP, None));
                }
                self.window = Some(self.open(reader, crowds).await?);
                continue;
            };
            if let Some(page) = window.next(reader, &self.kind).await? {
                return Ok(Next::Page(page));
            }
            let crowd = window.crowd.take();
            let crowd = crowd.filter(|crowd| is_reached(reader, crowd));
            self.idle = if window.is_idle && crowd.is_none() {
                self.idle.saturating_add(1)
            } else {
                0
            };
            let is_end = window.is_end;
            self.window = None;
            self.is_first = false;
            if is_end {
                return Ok(Next::End);
            }
            if let Some(crowd) = crowd {
                return Ok(Next::Crowd(crowd));
            }
        }
    }

    async fn open(&mut self, reader: &Reader, crowds: &mut Crowds) -> Result<Window, AllError> {
        let (kind, query) = (&self.kind, reader.query(&self.kind));
        let (given, at) = {
            let place = reader.shared.place.borrow();
            let at = place.at.clone().filter(|_| !place.is_behind);
            (place.ids.clone(), at)
        };
        let is_whole = matches!(kind, Kind::Whole);
        let is_by_time = reader.order.is_by_time();
        let known = if is_whole { given.len() } else { 0 };
        let known = u32::try_from(known).unwrap_or(u32::MAX);
        let mut window = Window::new(query, given);
        let Some(start) = Slot::behind(known) else {
            let Some(at) = at else {
                return Err(reader.capped_by_order(CAP));
            };
            window.crowd = Some(reader.crowd(at).await?);
            return Ok(window);
        };
        let first = match self.first.take() {
            Some(first) => first,
            None => reader.read(kind, &window.query, start).await?,
        };
        if start.page > 0 && !has_one_of(&window.seen, &first) {
            window.read_backwards(reader, kind, first.total).await?;
            return Ok(window);
        }
        // A window of one page costs no overlap where the next begins behind its last user. It costs time, so if many
        // are left they are read at once.
        let is_single = !is_whole && (self.is_first || first.total < CAP);
        let mut slots: VecDeque<Slot> = if is_single {
            VecDeque::new()
        } else {
            start.after(first.total, PAGES).into()
        };
        let mut last = None;
        if is_whole && first.total >= CAP {
            if !is_by_time {
                return Err(reader.capped_by_order(first.total));
            }
            let query = &window.query;
            let read_last = async || {
                let page = match slots.pop_back() {
                    Some(slot) => last.insert(reader.read(kind, query, slot).await?),
                    None => &first,
                };
                Ok(end(page))
            };
            window.crowd = crowds.at(reader, at.as_deref(), &first, read_last).await?;
        }
        window.pages.push_back(Page::Read(Ok(first)));
        window.pages.extend(slots.into_iter().map(Page::Slot));
        window.pages.extend(last.map(Ok).map(Page::Read));
        Ok(window)
    }
}

fn is_reached(reader: &Reader, crowd: &Crowd) -> bool {
    reader.shared.place.borrow().at.as_ref() == Some(&crowd.at)
}

fn has_one_of(ids: &BTreeSet<String>, page: &Read) -> bool {
    page.users.iter().any(|user| ids.contains(&user.user_id))
}

/// A page, read or to be read.
enum Page {
    Read(Result<Read, AllError>),
    Slot(Slot),
}

struct Window {
    query: ListUsers,
    pages: VecDeque<Page>,
    /// What it ends among, if that is read by ids: its pages are then read one by one, until that is reached.
    crowd: Option<Crowd>,
    seen: BTreeSet<String>,
    /// The users of the page before.
    before: Option<BTreeSet<String>>,
    is_idle: bool,
    is_end: bool,
}

impl Window {
    fn new(query: ListUsers, seen: BTreeSet<String>) -> Self {
        Self {
            query,
            pages: VecDeque::new(),
            crowd: None,
            seen,
            before: None,
            is_idle: true,
            is_end: false,
        }
    }

    /// Plans the pages from its beginning, since the known are no longer where they were. Who is deleted meanwhile
    /// moves those behind to pages that are read later, so this comes to an end however many are.
    async fn read_backwards(
        &mut self,
        reader: &Reader,
        kind: &Kind,
        total: u32,
    ) -> Result<(), AllError> {
        let slots = Slot::FIRST.after(total, usize::MAX);
        for slot in slots.into_iter().rev().chain([Slot::FIRST]) {
            let page = reader.read(kind, &self.query, slot).await?;
            self.pages.push_front(Page::Read(Ok(page)));
        }
        Ok(())
    }

    /// The users of the next page, and which are new.
    async fn next(&mut self, reader: &Reader, kind: &Kind) -> Result<Option<Vec<Found>>, AllError> {
        let Some(page) = self.next_page(reader, kind).await? else {
            return Ok(None);
        };
        if self
            .before
            .as_ref()
            .is_some_and(|ids| !has_one_of(ids, &page))
        {
            // Somebody may be missing between them.
            self.pages.clear();
            return Ok(None);
        }
        if !is_ordered(&page.users, reader.order, kind) {
            let field = match kind {
                Kind::Whole => "the server does not order by created_at",
                Kind::Instant(_) => "the server does not order by user_id",
            };
            return Err(reader.capped(kind, field, page.total, None));
        }
        if page.is_last() {
            self.pages.clear();
            self.crowd = None;
            self.is_end = true;
        }
        let ids = page.users.iter().map(|user| user.user_id.clone());
        self.before = Some(ids.collect());
        let is_by_id = matches!(kind, Kind::Instant(_));
        let users = page.users.into_iter().map(|user| {
            let is_new = self.seen.insert(user.user_id.clone());
            self.is_idle &= !is_new;
            Found {
                user,
                is_new,
                is_by_id,
            }
        });
        Ok(Some(users.collect()))
    }

    async fn next_page(&mut self, reader: &Reader, kind: &Kind) -> Result<Option<Read>, AllError> {
        let is_begun = self.before.is_some();
        match &self.crowd {
            Some(crowd) if is_begun && is_reached(reader, crowd) => return Ok(None),
            Some(_) => {}
            None => self.read_all(reader, kind).await,
        }
        match self.pages.pop_front() {
            Some(Page::Read(page)) => page.map(Some),
            Some(Page::Slot(slot)) => reader.read(kind, &self.query, slot).await.map(Some),
            None => Ok(None),
        }
    }

    /// Reads the pages that are to be read next, at once.
    async fn read_all(&mut self, reader: &Reader, kind: &Kind) {
        if !matches!(self.pages.front(), Some(Page::Slot(_))) {
            return;
        }
        let query = &self.query;
        let tasks = self.pages.iter_mut().filter_map(|page| match page {
            Page::Slot(slot) => {
                let slot = *slot;
                Some(Box::pin(async move {
                    *page = Page::Read(reader.read(kind, query, slot).await);
                    Ok(())
                }) as _)
            }
            Page::Read(_) => None,
        });
        // The pages before one that fails are given all the same.
        let Ok(()) = together::<Infallible>(tasks.collect()).await;
    }
}

/// Do these users stand in their order?
fn is_ordered(users: &[User], order: Order, kind: &Kind) -> bool {
    match (kind, order) {
        (Kind::Instant(_), _) => users.is_sorted_by(|one, other| one.user_id <= other.user_id),
        (Kind::Whole, Order::Up) => {
            users.is_sorted_by(|one, other| one.created_at <= other.created_at)
        }
        (Kind::Whole, Order::Down) => {
            users.is_sorted_by(|one, other| one.created_at >= other.created_at)
        }
        (Kind::Whole, Order::Other) => true,
    }
}
