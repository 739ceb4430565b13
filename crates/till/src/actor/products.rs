//! What is sold: imported from a file.

use super::Actor;
use super::money::field;
use crate::api::{Accepted, Problem};
use crate::import::{compare, read};
use crate::limits;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::catalogue::Catalogue;
use std::sync::Arc;

impl Actor {
    /// Takes products over from a file, or says what that would do. Lines that cannot be used are left out;
    /// a file without a single good line changes nothing.
    pub(super) async fn import_products(
        &mut self,
        file: &str,
        replace: bool,
        check_only: bool,
    ) -> Result<Accepted, Problem> {
        if file.len() > limits::PRODUCTS_BYTES {
            return Err(field("file", "is too large"));
        }
        let bytes = STANDARD.decode(file).map_err(|_| field("file", "is not base64"))?;
        let (currency, rates) = (self.settings.currency, &self.settings.shop.vat);
        let usual = rates.first().copied().unwrap_or_default();
        let parsed = tokio::task::spawn_blocking(move || read(&bytes, currency, usual)).await;
        let found = parsed.map_err(|_| field("file", "cannot be read"))??;
        let known = Arc::clone(&self.shelf.borrow());
        let report = compare(&known, &found, replace);
        if !check_only && !found.items.is_empty() {
            let stored = self.store.keep_products(found.items, replace).await;
            stored.map_err(|error| self.store_trouble(&error))?;
            let items = self.store.read(|reader| reader.products()).await;
            let items = items.map_err(|error| crate::folder::problem(&error))?;
            self.shelf.send_replace(Arc::new(Catalogue::new(items)));
            self.catalogue_changes += 1;
            self.dirty = true;
        }
        Ok(Accepted { imported: Some(report), ..Accepted::default() })
    }
}
