package dev.stowage.transfer;

import static dev.stowage.shape.RecordShapes.real;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.text;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.evidence.parts.Records;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.transfer.PathSelector.Path;
import dev.stowage.transfer.PathSelector.Reason;
import dev.stowage.transfer.PathSelector.Relay;
import dev.stowage.transfer.PathSelector.Selection;
import java.util.List;
import java.util.Optional;

/** The record types of a {@link PathSelector}. */
final class PathRecords {
  static final Records<Input, Chosen> ALL =
      Records.of(Input.class, Chosen.class)
          .input(0x0410, Asked.class, Asked.SHAPE)
          .input(0x0411, Forgotten.class, Forgotten.SHAPE)
          .outcome(0x0418, Chosen.class, Chosen.SHAPE)
          .build();

  private PathRecords() {}

  sealed interface Input {}

  record Asked(String transfer, List<Path> paths, List<Relay> relays, double redundancyHint)
      implements Input {
    static final Shape<Asked> SHAPE =
        Shape.of(
            "paths_asked",
            row -> {
              var transfer = row.text("transfer", Asked::transfer);
              var paths = row.list("paths", Asked::paths, Forms.row(Path.SHAPE));
              var relays = row.list("relays", Asked::relays, Forms.row(Relay.SHAPE));
              var hint = row.real("redundancy_hint", Asked::redundancyHint);
              return v -> new Asked(transfer.of(v), paths.of(v), relays.of(v), hint.realOf(v));
            });
  }

  record Forgotten(String transfer) implements Input {
    static final Shape<Forgotten> SHAPE =
        shape("paths_forgotten", text("transfer", Forgotten::transfer), Forgotten::new);
  }

  record Scored(String path, double score) {
    static final Shape<Scored> SHAPE =
        shape("scored_path", text("path", Scored::path), real("score", Scored::score), Scored::new);
  }

  record Rejected(String path, String why) {
    static final Shape<Rejected> SHAPE =
        shape(
            "rejected_path",
            text("path", Rejected::path),
            text("why", Rejected::why),
            Rejected::new);
  }

  record Choice(
      String decisionId,
      List<Scored> paths,
      List<Rejected> rejected,
      Reason reason,
      double redundancy,
      Optional<String> relay,
      long initialWindowBytes,
      long maxWindowBytes) {
    static final Shape<Choice> SHAPE =
        Shape.of(
            "path_choice",
            row -> {
              var id = row.text("decision_id", Choice::decisionId);
              var paths = row.list("paths", Choice::paths, Forms.row(Scored.SHAPE));
              var rejected = row.list("rejected", Choice::rejected, Forms.row(Rejected.SHAPE));
              var reason = row.oneOf("reason", Reason.class, Choice::reason);
              var redundancy = row.real("redundancy", Choice::redundancy);
              var relay = row.value("relay", Choice::relay, Forms.optional(Forms.TEXT));
              var initial = row.number("initial_window_bytes", Choice::initialWindowBytes);
              var most = row.number("max_window_bytes", Choice::maxWindowBytes);
              return v ->
                  new Choice(
                      id.of(v),
                      paths.of(v),
                      rejected.of(v),
                      reason.of(v),
                      redundancy.realOf(v),
                      relay.of(v),
                      initial.of(v),
                      most.of(v));
            });

    static Choice of(Selection selection) {
      return new Choice(
          selection.decisionId(),
          selection.paths().stream().map(it -> new Scored(it.path().id(), it.score())).toList(),
          selection.rejected().entrySet().stream()
              .map(it -> new Rejected(it.getKey(), it.getValue().toString()))
              .toList(),
          selection.reason(),
          selection.redundancy(),
          selection.relay().map(Relay::id),
          selection.initialWindowBytes(),
          selection.maxWindowBytes());
    }
  }

  /** The choice; empty if no path may be used. */
  record Chosen(Optional<Choice> choice) {
    static final Shape<Chosen> SHAPE =
        shape(
            "paths_chosen",
            value("choice", Chosen::choice, Forms.optional(Forms.row(Choice.SHAPE))),
            Chosen::new);
  }
}
