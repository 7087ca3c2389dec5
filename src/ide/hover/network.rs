//! `10.0.0.0/8`: from where to where, and how many.

use std::net::IpAddr;

use super::code;
use crate::message;
use crate::messages::Language;
use crate::nginx::values::Network;
use crate::usage::words::count;

/// Of a network or an address; `None` for what `ngx_ptocidr` refuses.
pub(super) fn network(language: Language, text: &str) -> Option<String> {
    let (address, bits) = Network::written(text)?;
    let (bits, width) = (u32::from(bits), if address.is_ipv4() { 32u32 } else { 128 });
    if bits == width {
        return Some(message!(language, "hover-network-one", address = code(text)));
    }
    let value = match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    };
    let host = width - bits;
    let ones = 1u128.checked_shl(host).map_or(u128::MAX, |power| power - 1);
    let ip = |value: u128| match address {
        IpAddr::V4(_) => IpAddr::V4(u32::try_from(value).unwrap_or(u32::MAX).into()).to_string(),
        IpAddr::V6(_) => IpAddr::V6(value.into()).to_string(),
    };
    let (first, last) = (ip(value & !ones), ip(value | ones));
    let many = match host {
        ..=63 => count(1u64 << host),
        _ => format!("2^{host}"),
    };
    let mut said = message!(language, "hover-network", written = code(text), first = code(&first), last = code(&last), shown = many);
    if value & ones != 0 {
        said.push_str("\n\n");
        said.push_str(&message!(language, "hover-network-bits", network = code(&format!("{first}/{bits}"))));
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        let check = |text: &str, wanted: Option<&str>| assert_eq!(network(Language::English, text).as_deref(), wanted, "{text}");
        check("10.0.0.0/8", Some("`10.0.0.0/8` = `10.0.0.0` to `10.255.255.255`: 16,777,216 addresses"));
        check("0.0.0.0/0", Some("`0.0.0.0/0` = `0.0.0.0` to `255.255.255.255`: 4,294,967,296 addresses"));
        check("fd00::/8", Some("`fd00::/8` = `fd00::` to `fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff`: 2^120 addresses"));
        check("::/0", Some("`::/0` = `::` to `ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff`: 2^128 addresses"));
        check("192.0.2.7", Some("`192.0.2.7`: one address"));
        check("192.0.2.7/32", Some("`192.0.2.7/32`: one address"));
        check(
            "192.0.2.7/24",
            Some(
                "`192.0.2.7/24` = `192.0.2.0` to `192.0.2.255`: 256 addresses\n\nThe bits behind the prefix are not 0: nginx warns and takes \
                 `192.0.2.0/24`.",
            ),
        );
        for bad in ["", "/8", "10.0.0.0/", "10.0.0.0/33", "x/8", "10.0.0.0/+8", "::/129", "all"] {
            check(bad, None);
        }
    }
}
