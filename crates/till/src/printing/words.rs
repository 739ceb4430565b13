//! The words on receipts and reports, in one table per language.

use domain::basket::Unit;
use domain::tender::TenderKind;
use peripherals::slip::Language;

macro_rules! words {
    ($($name:ident: $english:literal, $swedish:literal;)*) => {
        /// Every word.
        pub(super) struct Words {
            $(pub(super) $name: &'static str,)*
        }

        const ENGLISH: Words = Words { $($name: $english,)* };
        const SWEDISH: Words = Words { $($name: $swedish,)* };
    };
}

words! {
    receipt: "Receipt", "Kvitto";
    returned: "RETURN RECEIPT", "RETURKVITTO";
    till: "Till", "Kassa";
    cashier: "Cashier", "Kassör";
    discount: "Discount", "Rabatt";
    rounding: "Rounding", "Öresavrundning";
    total: "TOTAL", "TOTALT";
    to_customer: "TO THE CUSTOMER", "ATT ÅTERFÅ";
    cash: "Cash", "Kontant";
    card: "Card", "Kort";
    wallet: "Wallet", "Mobilbetalning";
    paid_out: "Paid out", "Utbetalt";
    change: "Change", "Växel";
    tip: "of this tip", "varav dricks";
    cash_back: "of this cash", "varav kontantuttag";
    vat: "VAT", "Moms";
    net: "Net", "Netto";
    tax: "VAT", "Moms";
    gross: "Gross", "Brutto";
    kilogram: "kg", "kg";
    litre: "l", "l";
    metre: "m", "m";
    x: "X REPORT", "X-DAGRAPPORT";
    z: "Z REPORT", "Z-DAGRAPPORT";
    from: "From", "Från";
    to: "To", "Till och med";
    by: "By", "Av";
    sales: "Sales", "Försäljning";
    returns: "Returns", "Returer";
    untaxed: "Amounts without lines", "Belopp utan rader";
    discounts: "Discounts", "Rabatter";
    corrections: "Lines taken out", "Borttagna rader";
    voided: "Sales given up", "Avbrutna köp";
    refunds: "Refunds", "Återbetalningar";
    reversals: "Undone payments", "Makulerade betalningar";
    undone: "Refunds undone", "Makulerade återbetalningar";
    tips: "Tips", "Dricks";
    cash_backs: "Cash paid out", "Kontantuttag";
    ever_sold: "Sold since the beginning", "Sålt sedan start";
    ever_back: "Returned since the beginning", "Returer sedan start";
    ever_net: "Net since the beginning", "Netto sedan start";
    back: "back", "åter";
    open: "Open payments", "Öppna betalningar";
    none: "None", "Inga";
    unclaimed: "Payments of nobody's", "Betalningar utan köp";
    open_sales: "Open sales", "Öppna köp";
    openings: "Drawer opened without a sale", "Lådöppningar utan köp";
    copies: "Copies of receipts", "Kvittokopior";
    shift: "Shift", "Arbetspass";
    float: "Float", "Växelkassa";
    put_in: "Put in", "Insatt";
    taken_out: "Taken out", "Uttaget";
    of_sales: "Cash of sales", "Kontant försäljning";
    expected: "Expected", "Förväntat";
    counted: "Counted", "Räknat";
    difference: "Difference", "Differens";
    not_counted: "Not counted", "Ej räknat";
    pieces: "pcs", "st";
}

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Swedish => &SWEDISH,
        }
    }

    pub(super) const fn unit(&self, unit: Unit) -> &'static str {
        match unit {
            Unit::Piece => self.pieces,
            Unit::Kilogram => self.kilogram,
            Unit::Litre => self.litre,
            Unit::Metre => self.metre,
        }
    }

    pub(super) const fn tender(&self, kind: TenderKind) -> &'static str {
        match kind {
            TenderKind::Cash => self.cash,
            TenderKind::Card => self.card,
            TenderKind::Wallet => self.wallet,
        }
    }
}
