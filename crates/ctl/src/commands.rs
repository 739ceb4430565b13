//! The commands, one file per family.

mod books;
mod check;
mod code;
mod decide;
mod export;
mod journal;
mod money;
mod pair;
mod pay;
mod payments;
mod receipts;
mod recover;
mod report;
mod secret;
mod serve;
mod simulate;
mod slips;
mod terminal;
pub mod to_its_end;

use std::path::PathBuf;

use crate::cli::{Cli, Command, OnFolder};
use crate::exit::Exit;
use crate::out::Out;
use crate::{fields, folder};

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
    match cli.command {
        Command::Code(wanted) => code::code(out, &wanted),
        Command::Simulate(simulated) => simulate::simulate(out, simulated).await,
        Command::OnFolder(command) => {
            let none =
                || fields::wrong("data", "is needed: this system names no folder for application data");
            let folder = cli.data.or_else(till::default_folder).ok_or_else(none)?;
            let _log = folder::start_log(&folder);
            on_folder(&Call { out, folder }, command).await
        }
    }
}

async fn on_folder(call: &Call, command: OnFolder) -> anyhow::Result<Exit> {
    match command {
        OnFolder::Pay(pay) => pay::pay(call, pay).await,
        OnFolder::Refund(refund) => money::refund(call, refund).await,
        OnFolder::Reverse(reverse) => money::reverse(call, reverse).await,
        OnFolder::GiveBack(give_back) => money::give_back(call, give_back).await,
        OnFolder::Recover(recover) => recover::recover(call, recover).await,
        OnFolder::Decide(decide) => decide::decide(call, decide).await,
        OnFolder::Unblock(unblock) => decide::unblock(call, unblock).await,
        OnFolder::AcceptLate(late) => decide::accept_late(call, late).await,
        OnFolder::Terminal(terminal) => terminal::terminal(call, terminal).await,
        OnFolder::Check { terminal } => check::check(call, &terminal).await,
        OnFolder::Pair(wanted) => pair::pair(call, wanted).await,
        OnFolder::Payments(payments) => payments::payments(call, payments).await,
        OnFolder::Payment { payment } => payments::payment(call, &payment).await,
        OnFolder::Export(export) => export::export(call, export).await,
        OnFolder::Receipts(receipts) => receipts::receipts(call, receipts).await,
        OnFolder::Receipt(receipt) => receipts::receipt(call, receipt).await,
        OnFolder::Report(wanted) => report::report(call, &wanted).await,
        OnFolder::Journal(journal) => journal::journal(call, &journal).await,
        OnFolder::Secret(secret) => secret::secret(call, secret),
        OnFolder::Serve(wanted) => serve::serve(call, wanted).await,
    }
}
