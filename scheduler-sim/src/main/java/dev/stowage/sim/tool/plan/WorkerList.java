package dev.stowage.sim.tool.plan;

import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.CsvRow;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The workers of a plan, in canonical order. */
final class WorkerList {
  private static final CsvColumns COLUMNS =
      CsvColumns.required(Fields.WORKER, Fields.CAPACITY)
          .withOptional(
              Fields.ZONE, Fields.VERSION, Fields.LABELS, Fields.STATUS, Fields.MAX_REPLICAS);
  private static final String STATUSES = "active, cordoned, leaving, suspect or departed";

  private final Map<WorkerId, Long> lines = new HashMap<>();
  private final Set<WorkerId> withoutZone = new HashSet<>();
  private final Set<String> zones = new HashSet<>();
  private long pathLine;
  private int levels;
  private final List<Worker> workers = new ArrayList<>();
  private final Map<WorkerId, Integer> positions = new HashMap<>();
  private final boolean complete;

  private WorkerList(CsvFile file, ProblemList problems) {
    long before = problems.found();
    file.read(COLUMNS, problems, this::row);
    complete = problems.found() == before;
    workers.sort(Worker.CANONICAL_ORDER);
    for (int i = 0; i < workers.size(); i++) {
      positions.put(workers.get(i).id(), i);
    }
    nameZones();
  }

  static WorkerList read(CsvFile file, ProblemList problems) {
    return new WorkerList(file, problems);
  }

  /** Whether the file had no problem, so that what is not here was not listed. */
  boolean isComplete() {
    return complete;
  }

  /** How many levels the paths of the zones have; 0 if no worker has a zone. */
  int levels() {
    return levels;
  }

  List<Worker> workers() {
    return workers;
  }

  /** The position of a worker, or -1. */
  int position(WorkerId id) {
    return positions.getOrDefault(id, -1);
  }

  private void row(CsvRow row) {
    Optional<WorkerId> id = row.value(Fields.WORKER, Fields.NAME, WorkerId::of);
    OptionalLong capacity = row.number(Fields.CAPACITY, 0, Long.MAX_VALUE);
    Optional<String> zone =
        row.has(Fields.ZONE)
            ? row.value(Fields.ZONE, Fields.PATH, WorkerList::path)
            : Optional.of("");
    Optional<WorkerVersion> version = Fields.version(row, Fields.VERSION);
    Optional<Labels> labels = Fields.labels(row);
    Optional<WorkerStatus> status = Fields.word(row, Fields.STATUS, WorkerStatus.ACTIVE, STATUSES);
    OptionalLong limit =
        row.has(Fields.MAX_REPLICAS)
            ? row.number(Fields.MAX_REPLICAS, 1, Worker.UNLIMITED)
            : OptionalLong.of(Worker.UNLIMITED);
    if (id.isEmpty()) {
      return;
    }
    Long before = lines.putIfAbsent(id.get(), row.line());
    if (before != null) {
      String found = InputProblem.quoted(id.get().value()) + ", which line " + before + " has";
      row.refuse(Fields.WORKER, "a worker that is listed once", found);
    }
    if (before != null
        || capacity.isEmpty()
        || zone.isEmpty()
        || version.isEmpty()
        || labels.isEmpty()
        || status.isEmpty()
        || limit.isEmpty()) {
      return;
    }
    Worker plain =
        Worker.of(id.get(), capacity.getAsLong()).withMaxReplicas((int) limit.getAsLong());
    if (zone.get().isEmpty()) {
      withoutZone.add(id.get());
    } else {
      checkLevels(row, id.get(), zone.get());
      plain = plain.withZone(zone.get());
      zones.add(plain.domain());
    }
    workers.add(plain.withVersion(version.get()).withLabels(labels.get()).withStatus(status.get()));
  }

  private static String path(String text) {
    if (!Worker.isPath(text) || Arrays.stream(text.split("/", -1)).anyMatch(Fields::isBlank)) {
      throw new IllegalArgumentException(text);
    }
    return WorkerId.of(text).value();
  }

  /** All paths of a file have equally many levels: as many as the first. */
  private void checkLevels(CsvRow row, WorkerId id, String zone) {
    int found = zone.split("/", -1).length;
    if (levels == 0) {
      levels = found;
      pathLine = row.line();
    }
    if (found != levels) {
      String expected = levels == 1 ? "1 level" : levels + " levels";
      row.refuse(
          Fields.ZONE,
          "a path of " + expected + ", as in line " + pathLine,
          InputProblem.quoted(zone));
    } else if (found > 1 && zone.equals(id.value())) {
      row.refuse(Fields.ZONE, "a path that is not the id of the worker", InputProblem.quoted(zone));
    }
  }

  /** A worker without a zone is a zone of its own, whatever the named ones are called. */
  private void nameZones() {
    int next = 0;
    for (int i = 0; i < workers.size(); i++) {
      Worker worker = workers.get(i);
      if (withoutZone.contains(worker.id()) && zones.contains(worker.id().value())) {
        String own = "own-" + next++;
        while (zones.contains(own) || lines.containsKey(WorkerId.of(own))) {
          own = "own-" + next++;
        }
        workers.set(i, worker.withZone(own));
      }
    }
  }
}
