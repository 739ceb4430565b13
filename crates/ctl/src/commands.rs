//! The commands, one file per family.

mod books;
mod check;
mod decide;
mod journal;
mod money;
mod pay;
mod payments;
mod receipts;
mod recover;
mod secret;
mod simulate;
mod terminal;
mod to_its_end;

use std::path::PathBuf;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::folder;
use crate::out::Out;

/// What every command is given.
#[derive(Debug)]
pub struct Call {
    /// Where to write.
    pub out: Out,
    /// The data folder.
    pub folder: PathBuf,
}

/// Does what the command line says.
///
/// # Errors
/// A [`till::api::Problem`], or what the system says.
pub async fn run(cli: Cli) -> anyhow::Result<Exit> {
    let out = Out { json: cli.json };
    let command = match cli.command {
        Command::Simulate(simulated) => return simulate::simulate(out, simulated).await,
        command => command,
    };
    let none = || crate::fields::wrong("--data", "is needed: this system names no folder for application data");
    let folder = cli.data.or_else(folder::default_folder).ok_or_else(none)?;
    let _log = folder::start_log(&folder);
    let call = Call { out, folder };
    match command {
        Command::Pay(pay) => pay::pay(&call, pay).await,
        Command::Refund(refund) => money::refund(&call, refund).await,
        Command::Reverse(reverse) => money::reverse(&call, reverse).await,
        Command::GiveBack(give_back) => money::give_back(&call, give_back).await,
        Command::Recover(recover) => recover::recover(&call, recover).await,
        Command::Decide(decide) => decide::decide(&call, decide).await,
        Command::Unblock(unblock) => decide::unblock(&call, unblock).await,
        Command::AcceptLate(late) => decide::accept_late(&call, late).await,
        Command::Terminal(terminal) => terminal::terminal(&call, terminal).await,
        Command::Check { terminal } => check::check(&call, &terminal).await,
        Command::Payments(payments) => payments::payments(&call, payments).await,
        Command::Payment { payment } => payments::payment(&call, &payment).await,
        Command::Export(export) => payments::export(&call, export).await,
        Command::Receipts(receipts) => receipts::receipts(&call, receipts).await,
        Command::Receipt(receipt) => receipts::receipt(&call, receipt).await,
        Command::Journal(journal) => journal::journal(&call, &journal).await,
        Command::Secret(secret) => secret::secret(&call, secret),
        Command::Simulate(simulated) => simulate::simulate(out, simulated).await,
    }
}
