//! Admin Management: the list of admins.

use crate::practice::operation::part::Part;

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: "ADMINS",
    addresses: &["/learning/admin/security/searchAdmins.do"],
    page: |_, _| None,
    services: &[],
    service: |_, _| None,
    labels: &[],
    report: |_| Vec::new(),
    orders: &[],
};
