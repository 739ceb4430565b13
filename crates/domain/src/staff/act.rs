//! Which act needs which role: one table.

use serde::{Deserialize, Serialize};

/// What somebody is.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Rings up sales and takes payments.
    Cashier,
    /// Reviews the day and decides.
    Manager,
    /// Connects terminals.
    Installer,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Cashier, Self::Manager, Self::Installer];

    /// The stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cashier => "cashier",
            Self::Manager => "manager",
            Self::Installer => "installer",
        }
    }
    /// Reads the stable word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident $code:literal [$($role:ident)*];)*) => {
        /// Something a person does at the till.
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Act {
            $($(#[$doc])* $act,)*
        }

        impl Act {
            /// Every act.
            pub const ALL: &[Self] = &[$(Self::$act),*];

            /// The stable word.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$act => $code,)*
                }
            }
            /// The roles that may do it alone.
            pub const fn roles(self) -> &'static [Role] {
                match self {
                    $(Self::$act => &[$(Role::$role),*],)*
                }
            }
        }
    };
}

acts! {
    /// Ring up, change quantities, take lines out and back, give up a sale.
    Sell "sell" [Cashier Manager];
    /// Take cash or ask a terminal for money.
    TakePayment "take_payment" [Cashier Manager];
    /// Answer a terminal's question, ask it to cancel.
    AttendTerminal "attend_terminal" [Cashier Manager Installer];
    /// Park and recall.
    Park "park" [Cashier Manager];
    /// Money off within the shop's limit.
    Discount "discount" [Cashier Manager];
    /// Money off above the shop's limit.
    LargeDiscount "large_discount" [Manager];
    /// Another price than the product's.
    ChangePrice "change_price" [Manager];
    /// Take goods back, with or without their receipt.
    TakeBack "take_back" [Manager];
    /// Send money back: a refund.
    Refund "refund" [Manager];
    /// Undo a payment.
    Reverse "reverse" [Manager];
    /// Accept a late approval or give it back.
    SettleLate "settle_late" [Cashier Manager];
    /// Decide a disputed payment by hand.
    DecideDisputed "decide_disputed" [Manager];
    /// Unblock a terminal that an open payment blocks.
    Unblock "unblock" [Manager];
    /// Open the drawer without a sale.
    OpenDrawer "open_drawer" [Cashier Manager];
    /// Begin a shift with its float.
    OpenShift "open_shift" [Cashier Manager];
    /// Put cash into the drawer, or take it out.
    MoveCash "move_cash" [Manager];
    /// Count the drawer.
    CountDrawer "count_drawer" [Cashier Manager];
    /// Close a shift.
    CloseShift "close_shift" [Cashier Manager];
    /// See the day's payments.
    SeeDay "see_day" [Cashier Manager];
    /// See totals: X report, expected cash.
    ReportX "report_x" [Manager];
    /// Close the business day: Z report.
    ReportZ "report_z" [Manager];
    /// Print a copy of a receipt.
    Reprint "reprint" [Cashier Manager];
    /// Take the day out as a file, or a payment's case file.
    Export "export" [Manager];
    /// Import products.
    ImportProducts "import_products" [Manager];
    /// Enrol people, give roles and PINs.
    KeepStaff "keep_staff" [Manager];
    /// Add and change terminals, printers and their settings.
    EditTerminal "edit_terminal" [Manager Installer];
    /// Check connections, log in and out, reconcile a terminal.
    CheckTerminal "check_terminal" [Manager Installer];
    /// Change the shop's settings.
    ChangeSettings "change_settings" [Manager Installer];
}

/// Whether a role may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Alone.
    Yes,
    /// With somebody of one of these roles beside.
    With(&'static [Role]),
}

/// Whether this role may do this.
pub fn may(role: Role, act: Act) -> Allowed {
    if act.roles().contains(&role) { Allowed::Yes } else { Allowed::With(act.roles()) }
}
