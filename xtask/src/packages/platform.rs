//! What a binary is for, by its own header: nobody has to say it, and nobody can say it wrong.

use anyhow::{Context, bail};

/// A system and a processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    pub system: System,
    pub processor: Processor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Linux(Libc),
    Mac,
    Windows,
}

/// What a binary for Linux needs of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Libc {
    /// Nothing: it is linked statically and runs everywhere.
    None,
    /// glibc 2.MINOR or newer.
    Glibc(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processor {
    X64,
    Arm64,
}

impl Platform {
    /// Reads the header: ELF, Mach-O of one architecture, or PE.
    pub fn of(bytes: &[u8]) -> anyhow::Result<Platform> {
        if bytes.starts_with(b"\x7fELF") {
            return elf(bytes).context("a damaged ELF header");
        }
        if bytes.starts_with(&[0xcf, 0xfa, 0xed, 0xfe]) {
            let processor = match number(bytes, 4, 4) {
                Some(0x0100_0007) => Processor::X64,
                Some(0x0100_000c) => Processor::Arm64,
                _ => bail!("a Mach-O file for a processor that is not published for"),
            };
            return Ok(Platform { system: System::Mac, processor });
        }
        if bytes.starts_with(b"MZ") {
            let header = number(bytes, 0x3c, 4).and_then(|at| bytes.get(at as usize..)).context("a damaged PE header")?;
            let processor = match (header.starts_with(b"PE\0\0"), number(header, 4, 2)) {
                (true, Some(0x8664)) => Processor::X64,
                (true, Some(0xaa64)) => Processor::Arm64,
                _ => bail!("a PE file for a processor that is not published for"),
            };
            return Ok(Platform { system: System::Windows, processor });
        }
        bail!("is no executable for Linux, macOS or Windows")
    }

    pub fn is_linux(self) -> bool {
        matches!(self.system, System::Linux(_))
    }

    pub fn is_windows(self) -> bool {
        self.system == System::Windows
    }

    /// As rustc calls it; the archives are named by it.
    pub fn triple(self) -> String {
        let system = match self.system {
            System::Linux(Libc::None) => "unknown-linux-musl",
            System::Linux(Libc::Glibc(_)) => "unknown-linux-gnu",
            System::Mac => "apple-darwin",
            System::Windows => "pc-windows-msvc",
        };
        format!("{}-{system}", self.machine())
    }

    /// As ELF's world calls the processor.
    pub fn machine(self) -> &'static str {
        match self.processor {
            Processor::X64 => "x86_64",
            Processor::Arm64 => "aarch64",
        }
    }

    /// The name of the program's file.
    pub fn program(self, name: &str) -> String {
        if self.is_windows() { format!("{name}.exe") } else { name.to_owned() }
    }
}

fn elf(bytes: &[u8]) -> Option<Platform> {
    const INTERPRETER: u64 = 3;
    // 64 bits, little-endian: no other is published.
    if bytes.get(4..6)? != [2, 1] {
        return None;
    }
    let processor = match number(bytes, 18, 2)? {
        62 => Processor::X64,
        183 => Processor::Arm64,
        _ => return None,
    };
    let (table, size, count) = (number(bytes, 32, 8)?, number(bytes, 54, 2)?, number(bytes, 56, 2)?);
    let mut dynamic = false;
    for at in 0..count {
        let header = usize::try_from(table.checked_add(at * size)?).ok()?;
        dynamic |= number(bytes, header, 4)? == INTERPRETER;
    }
    let libc = if dynamic { Libc::Glibc(newest_glibc(bytes)?) } else { Libc::None };
    Some(Platform { system: System::Linux(libc), processor })
}

/// The newest of the symbol versions `GLIBC_2.17` that the file names. It may name one in passing that it does not need; never the other way.
fn newest_glibc(bytes: &[u8]) -> Option<u32> {
    const PREFIX: &[u8] = b"GLIBC_2.";
    let mut newest = None;
    for (at, _) in bytes.windows(PREFIX.len()).enumerate().filter(|(_, window)| *window == PREFIX) {
        let rest = bytes.get(at + PREFIX.len()..)?;
        let digits: String = rest.iter().take(3).take_while(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
        newest = newest.max(digits.parse::<u32>().ok());
    }
    newest
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let field = bytes.get(at..at.checked_add(length)?)?;
    Some(field.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::{Libc, Platform, Processor, System};

    /// An ELF file with one program header of this type.
    fn elf(machine: u8, header: u8, rest: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 64 + 56];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[18] = machine;
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = 1;
        bytes[64] = header;
        bytes.extend_from_slice(rest);
        bytes
    }

    #[test]
    fn linux_is_static_or_says_which_glibc_it_needs() {
        let alone = Platform::of(&elf(183, 1, b"")).expect("ELF");
        assert_eq!((alone.system, alone.triple().as_str()), (System::Linux(Libc::None), "aarch64-unknown-linux-musl"));
        let linked = Platform::of(&elf(62, 3, b"GLIBC_2.4\0GLIBC_2.34\0GLIBC_2.17\0GLIBC_PRIVATE\0")).expect("ELF");
        assert_eq!((linked.system, linked.triple().as_str()), (System::Linux(Libc::Glibc(34)), "x86_64-unknown-linux-gnu"));
    }

    #[test]
    fn the_binary_that_runs_this_test_is_known() {
        let own = std::fs::read(std::env::current_exe().expect("a path")).expect("bytes");
        let platform = Platform::of(&own).expect("a platform");
        assert_eq!(platform.machine(), std::env::consts::ARCH);
        assert_eq!(platform.is_linux(), cfg!(target_os = "linux"));
        assert_eq!(platform.is_windows(), cfg!(windows));
    }

    #[test]
    fn macos_and_windows() {
        let mac = Platform::of(&[0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1]).expect("Mach-O");
        assert_eq!((mac.system, mac.processor), (System::Mac, Processor::Arm64));
        let mut pe = vec![0; 0x40];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x40;
        pe.extend_from_slice(b"PE\0\0\x64\x86");
        let windows = Platform::of(&pe).expect("PE");
        assert_eq!((windows.triple().as_str(), windows.program("x").as_str()), ("x86_64-pc-windows-msvc", "x.exe"));
    }

    #[test]
    fn what_is_none_is_refused() {
        for bytes in
            [&b""[..], b"#!/bin/sh\n", b"\x7fELF", b"\x7fELF\x01\x01", b"MZ", &[0xcf, 0xfa, 0xed, 0xfe, 1, 0, 0, 0], &elf(8, 1, b"")]
        {
            assert!(Platform::of(bytes).is_err(), "{bytes:?}");
        }
        // Cut short anywhere.
        let whole = elf(62, 1, b"");
        for length in 0..whole.len() - 56 {
            assert!(Platform::of(&whole[..length]).is_err(), "{length}");
        }
    }
}
