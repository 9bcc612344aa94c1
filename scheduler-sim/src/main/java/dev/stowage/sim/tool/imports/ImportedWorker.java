package dev.stowage.sim.tool.imports;

import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.Arrays;
import java.util.List;

/** A worker as a source describes it. Not thread-safe. */
final class ImportedWorker {
  static final long UNKNOWN = -1;

  final Place at;
  final WorkerId id;
  private long capacity = UNKNOWN;
  private String zone = "";
  private WorkerStatus status = WorkerStatus.ACTIVE;
  private List<String> labels = List.of();

  ImportedWorker(Place at, WorkerId id) {
    this.at = at;
    this.id = id;
  }

  ImportedWorker capacity(long bytes) {
    capacity = bytes;
    return this;
  }

  long capacity() {
    return capacity;
  }

  ImportedWorker status(WorkerStatus now) {
    status = now;
    return this;
  }

  ImportedWorker labels(List<String> all) {
    labels = all;
    return this;
  }

  /** Sets the path of domains above the worker; an empty one says nothing. */
  ImportedWorker zone(String path) throws Refused {
    if (!path.isEmpty()
        && (!Worker.isPath(path) || Arrays.stream(path.split("/", -1)).anyMatch(String::isBlank))) {
      throw at.refusedText("a path of domains, none of them empty", path);
    }
    zone = path;
    return this;
  }

  String zone() {
    return zone;
  }

  boolean isDeparted() {
    return status == WorkerStatus.DEPARTED;
  }

  Worker worker() {
    String path = zone.isEmpty() ? id.value() : zone;
    return Worker.of(id, capacity)
        .withZone(path)
        .withLabels(Labels.copyOf(labels))
        .withStatus(status);
  }
}
