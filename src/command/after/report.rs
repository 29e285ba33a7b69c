//! The report for the change ticket, where one is wanted.

use crate::command::after::After;
use crate::command::after::item::ITEMS;
use crate::command::before;
use crate::command::change_report::{self, ChangeReport, Row};
use crate::command::reenter::place_of;
use crate::error::Result;
use crate::state::{Place, Round};

/// Writes the report of a round to the file that was named.
pub(super) async fn write(after: &After<'_>, kept: &Round) -> Result<()> {
    let Some(file) = &after.args.report else {
        return Ok(());
    };
    let desk = &after.desk;
    let name = &desk.instance.name;
    let before = before::rows(kept);
    let prepared = before.iter().map(|row| Row {
        id: row.id,
        title: row.title,
        stands: Some(row.stands),
    });
    // What is in both lists stands with the first.
    let later = ITEMS
        .iter()
        .filter(|item| before.iter().all(|row| row.id != item.id))
        .filter(|item| item.blocks || kept.item(item.id).is_some());
    let later = later.map(|item| Row {
        id: item.id,
        title: item.title,
        stands: kept.item(item.id),
    });
    let items: Vec<Row<'_>> = prepared.chain(later).collect();
    let writes = desk.state.writes_since(name, kept.began).await?;
    let waiting = waiting(after, kept).await?;
    let report = ChangeReport {
        instance: name,
        origin: &desk.instance.origin,
        source: desk.instance.source.as_deref(),
        began: kept.began,
        ended: kept.ended,
        kind: kept.kind,
        planned: kept.planned,
        backup: kept.backup.as_ref(),
        source_backup: kept.source_backup.as_ref(),
        items: &items,
        writes: &writes,
        waiting: &waiting,
        approver: after.args.approver.as_deref(),
        made_by: &desk.by,
        made: desk.now(),
        zone: &desk.ui.look().zone,
        version: env!("CARGO_PKG_VERSION"),
    };
    change_report::write(desk.ui, &report, file).await
}

/// The values that wait: as the restore of this run has found them, or as far as is remembered.
async fn waiting(after: &After<'_>, kept: &Round) -> Result<Vec<Place>> {
    if let Some(carried) = after.carried.borrow().as_ref() {
        return Ok(carried.plan.waits.iter().map(place_of).collect());
    }
    if kept.is_settled("entered") {
        return Ok(Vec::new());
    }
    let waiting = after.desk.state.waiting(&after.desk.instance.name).await?;
    Ok(waiting.places().cloned().collect())
}
