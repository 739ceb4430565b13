//! Situations that every driver must stand, in memory under virtual time: one test per situation, run for
//! each form of integration. After each, bank and journal are compared.

mod conformance {
    pub mod everyday;
}
