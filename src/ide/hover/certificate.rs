//! A certificate's file: whose it is, for which names, until when.

use jiff::civil::Date;
use x509_cert::Certificate;
use x509_cert::der::DecodePem;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::code;
use super::cursor::Cursor;
use crate::message;
use crate::messages::{Language, list};
use crate::nginx::files;
use crate::project::paths::Mapped;
use crate::usage::paths;

/// More than any chain has, in bytes.
const LIMIT: u64 = 256 * 1024;

/// How many certificates of a file are told.
const TOLD: usize = 4;

/// How many certificates of a file are read.
const READ: usize = 200;

/// How many names of one are told.
const NAMES: usize = 12;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// What the file of an argument holds; `None` where it is not in the workspace.
pub(super) fn certificate(cursor: &Cursor<'_>, argument: usize) -> Option<String> {
    let (view, entry) = cursor.site?;
    let row = files::find(&cursor.directive.name.value, paths::protocol(view.config, entry))?;
    let (_, value) = paths::argument(row, cursor.directive).filter(|(index, value)| *index == argument && !row.is_no_path(value))?;
    let path = view.paths().absolute(row.base, value)?;
    let Mapped::Present { path, .. } = view.paths().map(view.project, view.config.root, &path) else { return None };
    let text = view.project.vfs.read_once(view.project.vfs.id(&path), LIMIT).ok()?;
    let language = cursor.language();
    let found = all(&text);
    let mut parts = vec![message!(language, "hover-certificate-file", file = code(&view.project.display(&path)), count = found.len())];
    parts.extend(found.iter().take(TOLD).map(|found| match found {
        Some(certificate) => one(language, certificate, cursor.analysis.today),
        None => message!(language, "hover-certificate-unread"),
    }));
    if found.len() > TOLD {
        parts.push(message!(language, "hover-more-routes", count = found.len() - TOLD));
    }
    Some(parts.join("\n\n"))
}

/// The certificates of a PEM file in their order; `None` for one that can't be read.
fn all(text: &str) -> Vec<Option<Certificate>> {
    text.split(BEGIN)
        .skip(1)
        .take(READ)
        .map(|rest| {
            let body = rest.split(END).next()?;
            // Whatever stands around the lines of the encoding is no part of it.
            let lines: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            Certificate::from_pem(format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))).ok()
        })
        .collect()
}

fn one(language: Language, certificate: &Certificate, today: Option<Date>) -> String {
    let body = certificate.tbs_certificate();
    let (subject, issuer) = (body.subject().to_string(), body.issuer().to_string());
    let mut lines = vec![format!("**{}**", code(if subject.is_empty() { "-" } else { &subject }))];
    let names: Vec<String> = match body.get_extension::<SubjectAltName>() {
        Ok(Some((_, names))) => names.0.iter().filter_map(name).map(|name| code(&name)).collect(),
        _ => Vec::new(),
    };
    if !names.is_empty() {
        lines.push(format!("- {}", message!(language, "hover-certificate-names", names = list(language, &names, NAMES))));
    }
    lines.push(match subject == issuer {
        true => format!("- {}", message!(language, "hover-certificate-self")),
        false => format!("- {}", message!(language, "hover-certificate-issuer", issuer = code(&issuer))),
    });
    let day = |time: &x509_cert::time::Time| {
        let time = time.to_date_time();
        Date::new(i16::try_from(time.year()).ok()?, i8::try_from(time.month()).ok()?, i8::try_from(time.day()).ok()?).ok()
    };
    let (from, until) = (day(&body.validity().not_before), day(&body.validity().not_after));
    if let (Some(from), Some(until)) = (from, until) {
        let days = |from: Date, to: Date| from.until(to).map_or(0, |span| span.get_days());
        let dates = |id: &str, count: i32| message!(language, id, from = from.to_string(), until = until.to_string(), count = count);
        let said = match today {
            None => dates("hover-certificate-valid", 0),
            Some(today) if today > until => dates("hover-certificate-expired", days(until, today)),
            Some(today) if today < from => dates("hover-certificate-early", days(today, from)),
            Some(today) => dates("hover-certificate-left", days(today, until)),
        };
        lines.push(format!("- {said}"));
    }
    lines.join("\n")
}

/// A name as a person writes it; kinds that no web server is asked by are left out.
fn name(general: &GeneralName) -> Option<String> {
    match general {
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(bytes) => match bytes.as_bytes() {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            bytes => <[u8; 16]>::try_from(bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
        },
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::project::settings::Settings;
    use crate::text::Text;
    use crate::world::World;

    const PEM: &str = "Bag Attributes
-----BEGIN CERTIFICATE-----
MIIB2TCCAX6gAwIBAgIUTKaFVbVgnX93vN5Hr0WLYxDBCaowCgYIKoZIzj0EAwIw
KTEQMA4GA1UECgwHRXhhbXBsZTEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMB4XDTI2
MTEyODIzMzIzOFoXDTI3MTEyODIzMzIzOFowKTEQMA4GA1UECgwHRXhhbXBsZTEV
MBMGA1UEAwwMc2hvcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
vCMm+jyMy40y3XxVtCrDbybE0saubTBMa6axJDTa8lx30RU0Vj985v1LEZkyJlS2
kGm2QNZ4sWpqxuJxHnJJjqOBgzCBgDAdBgNVHQ4EFgQUUrAv4B5xLvdjxBtU9aES
59XTDdUwHwYDVR0jBBgwFoAUUrAv4B5xLvdjxBtU9aES59XTDdUwDwYDVR0TAQH/
BAUwAwEB/zAtBgNVHREEJjAkggxzaG9wLmV4YW1wbGWCDiouc2hvcC5leGFtcGxl
hwTAAAIHMAoGCCqGSM49BAMCA0kAMEYCIQDPUDmfWWpYySO56IJh+VqZazYoS7Af
u7pBue+mA6vPlQIhAMw/iEkJKKzcsB7zWV1tTMaT34yJevYovAf9TjEXxed1
-----END CERTIFICATE-----
";

    #[test]
    fn whose_it_is_and_until_when() {
        let certificate = all(PEM).remove(0).expect("it is one");
        let said = |day: &str| one(Language::English, &certificate, day.parse().ok());
        assert_eq!(
            said("2027-11-18"),
            "**`CN=shop.example,O=Example`**\n\
             - Names: `shop.example`, `*.shop.example` and `192.0.2.7`\n\
             - Signed by itself\n\
             - Valid from 2026-11-28 until 2027-11-28: 10 days are left"
        );
        assert!(said("2027-11-29").contains("**Expired** on 2027-11-28, 1 day ago"), "{}", said("2027-11-29"));
        assert_eq!(all("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----").len(), 1);
        assert!(all("").is_empty());
    }

    #[test]
    fn the_file_is_found_by_the_map_of_paths() {
        let folder = Path::new("/in-memory");
        let (settings, problems) = Settings::default().over("[paths]\n\"/etc/tls\" = \"tls\"\n");
        assert!(problems.is_empty());
        let conf = folder.join("nginx.conf");
        let text = "events {}\nhttp { server { listen 443 ssl; ssl_certificate /etc/tls/a.pem; } }";
        let mut world = World::new(folder, vec![conf.clone()], settings);
        let (file, pem) = (world.vfs().id(&conf), world.vfs().id(&folder.join("tls/a.pem")));
        world.set_text(file, Text::new(text));
        world.set_text(pem, Text::new(PEM));
        let offset = text.find("a.pem").unwrap_or_default() as u32;
        let said = super::super::hover(&world.analysis(), file, offset).map(|hover| hover.markdown).unwrap_or_default();
        assert!(said.starts_with("`tls/a.pem` holds 1 certificate:\n\n**`CN=shop.example,O=Example`**"), "{said}");
    }
}
