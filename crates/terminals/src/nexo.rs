//! The nexo Retailer driver.

pub mod profile;
use crate::form::ProfileError;
use crate::{Seams, Terminal};
