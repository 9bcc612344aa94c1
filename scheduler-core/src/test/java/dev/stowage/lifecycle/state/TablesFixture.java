package dev.stowage.lifecycle.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.WorkerRow;
import java.util.List;
import java.util.TreeMap;

/** Tables of a fleet that begins, and what tests of them ask for again and again. */
abstract class TablesFixture {
  final Tables tables = RowDrafts.tables();
  final WorkSets work = tables.work;

  Journal journal() {
    return new Journal(tables);
  }

  int chunk(long first) {
    return journal().insertChunk(RowDrafts.chunk(tables.chunks.nextPosition(), "d", first, 5));
  }

  int worker(String name) {
    WorkerRow row = RowDrafts.worker(tables.workers.nextPosition(), name);
    journal().insertWorker(row);
    return row.position();
  }

  void clear() {
    for (IntSet set : sets().values()) {
      set.clear();
    }
    work.pairs.clear();
  }

  TreeMap<String, IntSet> sets() {
    TreeMap<String, IntSet> sets = new TreeMap<>();
    sets.put("dark", work.dark);
    sets.put("departed", work.departed);
    sets.put("ended", work.ended);
    sets.put("ending", work.ending);
    sets.put("headers", work.headers);
    sets.put("missing", work.missing);
    sets.put("offered", work.offered);
    sets.put("orphaned", work.orphaned);
    sets.put("reporting", work.reporting);
    sets.put("restless", work.restless);
    sets.put("routes", work.routes);
    sets.put("touched", work.touched);
    sets.put("unconfirmed", work.unconfirmed);
    sets.put("unfed", work.unfed);
    sets.put("unfedWorkers", work.unfedWorkers);
    return sets;
  }

  /** The sets that hold the member, by name; no set holds another. */
  List<String> holding(int member) {
    return sets().entrySet().stream()
        .filter(set -> set.getValue().contains(member))
        .map(set -> {
          assertThat(set.getValue().toArray()).as(set.getKey()).containsExactly(member);
          return set.getKey();
        })
        .toList();
  }

  List<String> reindexed(int chunk) {
    clear();
    tables.reindex(chunk);
    return holding(chunk);
  }
}
