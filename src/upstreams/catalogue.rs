//! Known products: which routes they have, and whether that is all (`catalogue.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::project::images;

static PRODUCTS: LazyLock<Vec<Product>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        product: Vec<Product>,
    }
    // The file is part of the program; a test reads it, too.
    toml::from_str::<File>(include_str!("catalogue.toml")).map(|file| file.product).unwrap_or_default()
});

/// A product that is known.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// How people call it.
    pub name: String,
    images: Vec<String>,
    #[serde(default)]
    ports: Vec<u16>,
    /// Whether the routes are all there is.
    pub closed: Closed,
    /// The prefixes below which they are all there is, for [`Closed::Under`].
    #[serde(default)]
    pub closed_below: Vec<String>,
    /// Only first segments are known completely.
    #[serde(default)]
    pub first_segment: bool,
    /// `/ping`, `/oauth2/static/*`.
    pub routes: Vec<String>,
    #[serde(default)]
    other_ports: Vec<Listener>,
    /// Options whose value goes before every route.
    #[serde(default)]
    pub prefix_options: Vec<String>,
    /// Options that move routes in ways that are not followed.
    #[serde(default)]
    pub unclear_options: Vec<String>,
    /// Words in a configuration file that do the same.
    #[serde(default)]
    pub unclear_words: Vec<String>,
    /// The source was read in part.
    #[serde(default)]
    pub partly: bool,
    /// Where the facts are from.
    pub source: String,
}

/// Whether routes are all there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Closed {
    /// Whatever is not listed is a 404.
    Yes,
    /// That holds below some prefixes.
    Under,
    /// It depends on the product's own configuration.
    Condition,
    /// Anything may be answered.
    No,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Listener {
    port: u16,
    routes: Vec<String>,
}

/// All products, in the order of the file.
pub fn products() -> &'static [Product] {
    &PRODUCTS
}

/// The product of an image reference; `None` for one that is not known.
pub fn find(reference: &str) -> Option<&'static Product> {
    let name = images::repository(reference);
    PRODUCTS.iter().find(|product| {
        product.images.iter().any(|image| match image.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => match image.split_once('*') {
                Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
                None => name == image,
            },
        })
    })
}

impl Product {
    /// The routes that are answered on a port; `None` for a port that nothing is known of.
    pub fn routes_on(&self, port: u16) -> Option<&[String]> {
        if let Some(listener) = self.other_ports.iter().find(|listener| listener.port == port) {
            return Some(&listener.routes);
        }
        (self.ports.is_empty() || self.ports.contains(&port)).then_some(&self.routes)
    }

    /// An image that is this product, for messages and tests.
    pub fn image(&self) -> &str {
        self.images.first().map_or("", String::as_str)
    }

    /// A port that its routes are on; `None` where any is.
    pub fn port(&self) -> Option<u16> {
        self.ports.first().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_can_be_read_and_found() {
        assert_eq!(products().len(), include_str!("catalogue.toml").matches("[[product]]").count());
        for product in products() {
            assert!((product.closed == Closed::No || !product.routes.is_empty()) && !product.source.is_empty(), "{}", product.name);
            assert!(product.routes.iter().all(|route| route.starts_with('/')), "{}", product.name);
            assert_eq!(product.closed == Closed::Under, !product.closed_below.is_empty(), "{}", product.name);
            let image = product.image().replace('*', "x");
            assert_eq!(find(&format!("registry.example.com/{image}:1.2")).map(|found| &found.name), Some(&product.name));
        }
    }
}
