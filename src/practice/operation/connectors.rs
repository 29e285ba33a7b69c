//! The pages of connectors.

use crate::practice::operation::part::Part;

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: "CONNECTOR_JOBS",
    addresses: &["/learning/admin/connectors/listConnectors.do"],
    page: |_, _| None,
    services: &[],
    service: |_, _| None,
    labels: &[],
    report: |_| Vec::new(),
    orders: &[],
};
