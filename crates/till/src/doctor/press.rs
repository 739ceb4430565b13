//! The printer, asked how it is.

use super::Step;
use crate::api::Problem;
use crate::printers::{FolderPrinters, Printers};
use crate::settings::Settings;
use peripherals::printer::{Fault as PrinterFault, Printed, Prints};
use std::path::Path;

/// Asks the printer how it is, without printing.
pub(crate) async fn check_printer(printer: &dyn Prints) -> Step {
    let fault = match printer.print(&[], &peripherals::limits::Limits::SHOP).await {
        Ok(Printed { paper_low: false }) => {
            return Step::passed("printer", "printer_ok", "the printer is ready");
        }
        Ok(Printed { paper_low: true }) => {
            return Step::passed("printer", "printer_low", "the printer is ready, and its paper ends soon");
        }
        Err(fault) => fault,
    };
    let (detail, fix) = match &fault {
        PrinterFault::NotSetUp => ("no printer is set up", "Name one under [printer] in settings.toml."),
        PrinterFault::Setting { .. } => {
            ("the settings name no printer", "Correct [printer] in settings.toml.")
        }
        PrinterFault::Away { .. } => (
            "the printer does not answer",
            "Switch it on, check its cable and network, and the target in settings.toml.",
        ),
        PrinterFault::Refused { .. } => (
            "something answers at the printer's address and takes nothing",
            "Check the port (usually 9100), and that no other till prints right now.",
        ),
        PrinterFault::PaperOut => ("the printer is out of paper", "Load a new roll and close the cover."),
        PrinterFault::CoverOpen => ("the printer's cover is open", "Close it."),
        PrinterFault::Stopped { .. } => {
            ("the printer stopped answering", "Switch it off and on, then check again.")
        }
    };
    Step::failed("printer", &format!("printer_{}", fault.code()), detail, fix)
}

/// The printer of these settings, as a till in this folder would use it.
pub async fn check_printer_of(folder: &Path, settings: &Settings) -> Result<Step, Problem> {
    Ok(check_printer(FolderPrinters::of(folder).of(&settings.printer)?.as_ref()).await)
}
