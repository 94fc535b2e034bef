//! A tenant in a file: a snapshot in the first line, and a line for each change since.
//!
//! A change is in the file before its answer is sent, so that nothing that a client knows of is lost when the process
//! is killed. The file is written anew, under another name that then replaces it, at the start and whenever the
//! changes have outgrown the snapshot.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use auth0_users_tenant::{Changed, Tenant};

/// Less than that is never worth a new snapshot.
const LEAST_CHANGES: u64 = 16 << 20;

/// The open file.
pub struct StateFile {
    path: PathBuf,
    file: File,
    snapshot_bytes: u64,
    change_bytes: u64,
}

impl StateFile {
    /// Makes the tenant what the file says, or the file what the tenant is when there is none.
    pub fn open(path: &Path, tenant: &mut Tenant) -> io::Result<Self> {
        match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => {
                lock(&file, path)?;
                read(&file, tenant).map_err(|error| told(path, &error))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(told(path, &error)),
        }
        tenant.tell_changes();
        Self::write_anew(path, tenant).map_err(|error| told(path, &error))
    }

    fn write_anew(path: &Path, tenant: &Tenant) -> io::Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = PathBuf::from(name);
        let file = File::create(&new)?;
        lock(&file, path)?;
        let mut to = BufWriter::new(file);
        tenant.write_snapshot(&mut to)?;
        to.write_all(b"\n")?;
        let file = to.into_inner()?;
        file.sync_all()?;
        let snapshot_bytes = file.metadata()?.len();
        fs::rename(&new, path)?;
        // The directory remembers the name only when it is told to.
        if let Ok(directory) = File::open(path.parent().unwrap_or(path)) {
            let _ = directory.sync_all();
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            snapshot_bytes,
            change_bytes: 0,
        })
    }

    /// Writes down what a request changed.
    pub fn keep(&mut self, changed: Changed, tenant: &Tenant) -> io::Result<()> {
        let Changed::Line(mut line) = changed else {
            *self = Self::write_anew(&self.path, tenant)?;
            return Ok(());
        };
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.change_bytes = self.change_bytes.saturating_add(line.len() as u64);
        if self.change_bytes > self.snapshot_bytes.max(LEAST_CHANGES) {
            *self = Self::write_anew(&self.path, tenant)?;
        }
        Ok(())
    }
}

fn told(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn lock(file: &File, path: &Path) -> io::Result<()> {
    file.try_lock().map_err(|_| {
        let message = format!("{} is in use by another server", path.display());
        io::Error::new(io::ErrorKind::ResourceBusy, message)
    })
}

fn read(file: &File, tenant: &mut Tenant) -> io::Result<()> {
    let mut from = BufReader::new(file);
    let bad = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    tenant
        .read_snapshot(&mut from)
        .map_err(|error| bad(format!("this is no state of a tenant: {error}")))?;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        from.read_until(b'\n', &mut line)?;
        // What the server was killed over was answered to nobody.
        let Some(change) = line.strip_suffix(b"\n") else {
            break;
        };
        // The snapshot itself ends with the first line.
        if number > 1 && !tenant.redo(change) {
            return Err(bad(format!("line {number} cannot be read")));
        }
    }
    Ok(())
}
