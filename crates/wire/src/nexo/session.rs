//! Session messages: Login, Logout, and the rarely used Admin and Diagnosis.
//!
//! Dossier chapters 5 and 15. Invariant: an answer decodes when only its `Response` is there.

use super::element::elements;
use super::header::Response;
use super::scalar::{List, Stamp};
use super::values::{
    CustomerOrderReq, GenericProfile, GlobalStatus, PoiCapability, PrinterStatus, SaleCapability,
    ServiceProfile, TerminalEnvironment, TokenRequestedType,
};

elements! {
    /// Opens a session. The capabilities choose the form of integration (dossier chapter 5.2).
    LoginRequest {
        /// Training; Swedbank Pay does not mention it.
        training_mode: Option<bool> = attribute("TrainingModeFlag"),
        /// Two small letters: language of texts sent to the till.
        operator_language: String = attribute("OperatorLanguage"),
        /// Cashier, forwarded to reports.
        operator_id: Option<String> = attribute("OperatorID"),
        /// Shift, forwarded to reports.
        shift_number: Option<String> = attribute("ShiftNumber"),
        /// Alias of the card number wanted in every answer.
        token_requested_type: Option<TokenRequestedType> = attribute("TokenRequestedType"),
        /// Customer orders wanted.
        customer_order_req: Option<List<CustomerOrderReq>> = attribute("CustomerOrderReq"),
        /// Serial number of the terminal meant.
        poi_serial_number: Option<String> = attribute("POISerialNumber"),
        /// Clock of the till, with offset.
        date_time: Stamp = child("DateTime"),
        /// Maker, name and version of the till.
        sale_software: Software = child("SaleSoftware"),
        /// What the till can do.
        sale_terminal_data: Option<SaleTerminalData> = child("SaleTerminalData"),
    }

    /// `SaleSoftware` and `POISoftware`: who made the program at either end.
    #[derive(Default)]
    Software {
        /// Maker.
        provider_identification: Option<String> = attribute("ProviderIdentification"),
        /// Product.
        application_name: Option<String> = attribute("ApplicationName"),
        /// Version.
        software_version: Option<String> = attribute("SoftwareVersion"),
        /// Certificate, unused.
        certification_code: Option<String> = attribute("CertificationCode"),
        /// Part of the program, unused.
        component_description: Option<String> = attribute("ComponentDescription"),
        /// Kind of the part, unused.
        component_type: Option<String> = attribute("ComponentType"),
    }

    /// What the till is and can do.
    #[derive(Default)]
    SaleTerminalData {
        /// `Attended`.
        terminal_environment: Option<TerminalEnvironment> = attribute("TerminalEnvironment"),
        /// 1–16 characters; groups totals.
        totals_group_id: Option<String> = attribute("TotalsGroupID"),
        /// Chooses the form of integration.
        sale_capabilities: Option<List<SaleCapability>> = child("SaleCapabilities"),
        /// Services the till uses.
        sale_profile: Option<Profile> = child("SaleProfile"),
    }

    /// `SaleProfile` and `POIProfile`.
    #[derive(Default)]
    Profile {
        /// How much of the standard is used.
        generic_profile: Option<GenericProfile> = attribute("GenericProfile"),
        /// Groups of services beyond that.
        service_profiles: Option<List<ServiceProfile>> = child("ServiceProfiles"),
    }

    /// Answer to Login.
    LoginResponse {
        /// Success opens the session.
        response: Response = child("Response"),
        /// Only with Success.
        poi_system_data: Option<PoiSystemData> = child("POISystemData"),
    }

    /// What the terminal tells about itself.
    #[derive(Default)]
    PoiSystemData {
        /// Whether card aliases are available.
        token_request_status: Option<bool> = attribute("TokenRequestStatus"),
        /// Whether customer orders are available.
        customer_order_status: Option<bool> = attribute("CustomerOrderStatus"),
        /// Clock of the terminal, UTC.
        date_time: Option<Stamp> = child("DateTime"),
        /// Payment application.
        poi_software: Option<Software> = child("POISoftware"),
        /// Serial number and abilities.
        poi_terminal_data: Option<PoiTerminalData> = child("POITerminalData"),
        /// Health.
        poi_status: Option<PoiStatus> = child("POIStatus"),
    }

    /// Serial number and abilities of the terminal.
    #[derive(Default)]
    PoiTerminalData {
        /// `Attended`.
        terminal_environment: Option<TerminalEnvironment> = attribute("TerminalEnvironment"),
        /// A changed serial number means a replaced terminal.
        poi_serial_number: Option<String> = attribute("POISerialNumber"),
        /// What the terminal can do.
        poi_capabilities: Option<List<PoiCapability>> = child("POICapabilities"),
        /// Services the terminal offers.
        poi_profile: Option<Profile> = child("POIProfile"),
    }

    /// Health of the terminal.
    #[derive(Default)]
    PoiStatus {
        /// Overall state.
        global_status: Option<GlobalStatus> = attribute("GlobalStatus"),
        /// Security module.
        security_ok: Option<bool> = attribute("SecurityOKFlag"),
        /// PIN pad.
        ped_ok: Option<bool> = attribute("PEDOKFlag"),
        /// Card reader.
        card_reader_ok: Option<bool> = attribute("CardReaderOKFlag"),
        /// Printer.
        printer_status: Option<PrinterStatus> = attribute("PrinterStatus"),
        /// Line to the hosts.
        communication_ok: Option<bool> = attribute("CommunicationOKFlag"),
        /// Fraud prevention.
        fraud_prevention_ok: Option<bool> = attribute("FraudPreventionFlag"),
    }

    /// Ends the session (dossier chapter 5.4).
    #[derive(Default)]
    LogoutRequest {
        /// Always written by us: absence means false.
        maintenance_allowed: Option<bool> = attribute("MaintenanceAllowed"),
    }

    /// Answer to Logout.
    LogoutResponse {
        /// The result.
        response: Response = child("Response"),
    }

    /// Expert function with a free code (dossier chapter 15).
    #[derive(Default)]
    AdminRequest {
        /// For example `OM02`.
        service_identification: Option<String> = child("ServiceIdentification"),
    }

    /// Answer to Admin.
    AdminResponse {
        /// The result.
        response: Response = child("Response"),
    }

    /// Asks for the state of terminal and hosts.
    #[derive(Default)]
    DiagnosisRequest {
        /// Terminal meant.
        poi_id: Option<String> = attribute("POIID"),
        /// Whether hosts are to be tried.
        host_diagnosis: Option<bool> = attribute("HostDiagnosisFlag"),
        /// Hosts meant.
        acquirer_ids: Vec<String> = child("AcquirerID"),
    }

    /// Answer to Diagnosis.
    DiagnosisResponse {
        /// The result.
        response: Response = child("Response"),
        /// Tills in session.
        logged_sale_ids: Vec<String> = child("LoggedSaleID"),
        /// Health.
        poi_status: Option<PoiStatus> = child("POIStatus"),
        /// Reachability of hosts.
        host_statuses: Vec<HostStatus> = child("HostStatus"),
    }

    /// Reachability of one host.
    #[derive(Default)]
    HostStatus {
        /// The host.
        acquirer_id: Option<String> = attribute("AcquirerID"),
        /// Absent means reachable.
        is_reachable: Option<bool> = attribute("IsReachableFlag"),
    }
}

impl DiagnosisResponse {
    /// An answer with nothing but its result.
    pub fn new(response: Response) -> Self {
        Self { response, logged_sale_ids: Vec::new(), poi_status: None, host_statuses: Vec::new() }
    }
}
