//! Report Jobs: reports that are sent again and again.

use crate::practice::operation::part::Part;

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: "REPORT_JOBS",
    addresses: &["/learning/admin/reports/reportJobs.do"],
    page: |_, _| None,
    services: &[],
    service: |_, _| None,
    labels: &[],
    report: |_| Vec::new(),
    orders: &[],
};
