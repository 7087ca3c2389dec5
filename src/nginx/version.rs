//! Versions of nginx.

/// `1.25.1`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    /// Of three numbers; a missing last one is the first of its series for `1.25`. `None` for anything else.
    pub fn read(text: &str) -> Option<Version> {
        let mut parts = text.split('.').map(|part| part.parse::<u32>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit())));
        let (major, minor, patch) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
        parts.next().is_none().then_some(Version { major, minor, patch })
    }

    /// The last version of the same series that may exist: what `nginx:1.25` means.
    pub fn end_of_series(self) -> Version {
        Version { patch: u32::MAX, ..self }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.patch {
            u32::MAX => write!(out, "{}.{}", self.major, self.minor),
            patch => write!(out, "{}.{}.{patch}", self.major, self.minor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_numbers() {
        let read = |text| Version::read(text);
        assert!(read("1.9.5") < read("1.25.1") && read("1.25.1") < read("1.25.10") && read("1.25") == read("1.25.0"));
        for bad in ["", "1", "latest", "1.x", "1.25.1.2", "+1.2.3", "1..2"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read("1.25.1").map(|version| version.to_string()), Some("1.25.1".into()));
        assert_eq!(read("1.25").map(|version| version.end_of_series().to_string()), Some("1.25".into()));
    }
}
