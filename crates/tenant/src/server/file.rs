//! The file of a tenant: a snapshot in the first line, and one line for each later change.
//!
//! The server writes a change before it sends the response, so that no confirmed change is lost if the process is killed.
//! At the start, and when the changes take more space than the snapshot, it writes a new file that replaces the old one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use auth0_users_tenant::{Changed, Tenant};

/// The least size of changes, in bytes, for which the file is rewritten.
const MIN_CHANGES: u64 = 16 << 20;

/// The open file.
pub struct StateFile {
    path: PathBuf,
    file: File,
    snapshot_bytes: u64,
    change_bytes: u64,
}

impl StateFile {
    /// Restores the tenant from the file, or creates the file from the tenant.
    pub fn open(path: &Path, tenant: &mut Tenant) -> io::Result<Self> {
        match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => {
                lock(&file, path)?;
                read(&file, tenant).map_err(|error| with_path(path, &error))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(with_path(path, &error)),
        }
        tenant.record_changes();
        Self::rewrite(path, tenant).map_err(|error| with_path(path, &error))
    }

    fn rewrite(path: &Path, tenant: &Tenant) -> io::Result<Self> {
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
        // The new name is durable only after the directory is synchronized too.
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

    /// Appends a change.
    pub fn append(&mut self, changed: Changed, tenant: &Tenant) -> io::Result<()> {
        let Changed::Line(mut line) = changed else {
            *self = Self::rewrite(&self.path, tenant)?;
            return Ok(());
        };
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.change_bytes = self.change_bytes.saturating_add(line.len() as u64);
        if self.change_bytes > self.snapshot_bytes.max(MIN_CHANGES) {
            *self = Self::rewrite(&self.path, tenant)?;
        }
        Ok(())
    }
}

/// Adds the path to the message of an error.
fn with_path(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Locks the file, or fails if another process has locked it.
fn lock(file: &File, path: &Path) -> io::Result<()> {
    file.try_lock().map_err(|_| {
        let message = format!("{} is in use by another server", path.display());
        io::Error::new(io::ErrorKind::ResourceBusy, message)
    })
}

/// Restores the tenant from the file.
fn read(file: &File, tenant: &mut Tenant) -> io::Result<()> {
    let mut from = BufReader::new(file);
    let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidData, message);
    tenant
        .read_snapshot(&mut from)
        .map_err(|error| invalid(format!("this is not the state of a tenant: {error}")))?;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        from.read_until(b'\n', &mut line)?;
        // A line without an end was not confirmed: the server was killed while writing it.
        let Some(change) = line.strip_suffix(b"\n") else {
            break;
        };
        // The first line is the rest of the line with the snapshot.
        if number > 1 && !tenant.replay(change) {
            return Err(invalid(format!("line {number} cannot be read")));
        }
    }
    Ok(())
}
