package dev.stowage.client;

import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.documents.DocumentForm;
import dev.stowage.lifecycle.documents.Envelope;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.Recipient;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;

/** Declares the messages between clients and the door, beside the commands of workers. */
final class Wire {
  private static final Form<PortalId> PORTAL = Forms.text(PortalId::of, PortalId::value);
  private static final Form<Optional<PortalId>> RELAY = Forms.optional(PORTAL);

  private Wire() {}

  /** Returns the kind of the commands that workers send under a name. */
  static Optional<CommandKind<?, ?>> command(String name) {
    return CommandKind.ALL.stream()
        .filter(kind -> kind.giver() == CommandKind.Giver.WORKER || kind == CommandKind.DESCRIBE)
        .filter(kind -> kind.shape().name().equals(name))
        .findFirst();
  }

  /** A question that may be held until there is news for who asks, or its wait is over. */
  sealed interface Question {
    Recipient recipient();

    long waitNanos();

    /** Returns what equal questions of different recipients have in common. */
    Object subject();

    /** Returns the datasets that it is about; none for all of them. */
    default List<DatasetId> datasets() {
      return List.of();
    }

    /** Returns the question of a request; empty for requests that are answered at once. */
    static Optional<Question> of(Envelope request) {
      return switch (request.name()) {
        case "ask_slice" -> Optional.of(request.read(AskSlice.SHAPE));
        case "ask_routes" -> Optional.of(request.read(AskRoutes.SHAPE));
        default -> Optional.empty();
      };
    }
  }

  record AskSlice(
      WorkerId worker,
      Lineage lineage,
      Optional<WorkerAssignmentId> known,
      @Declare(least = 0, orElse = 0) long waitNanos)
      implements Question {
    static final Shape<AskSlice> SHAPE = Shape.derived("ask_slice", AskSlice.class);

    @Override
    public Recipient recipient() {
      return Recipient.of(worker);
    }

    @Override
    public Object subject() {
      return worker;
    }
  }

  record AskRoutes(
      PortalId portal,
      Lineage lineage,
      Optional<PortalAssignmentId> known,
      @Declare(orEmpty = true) List<DatasetId> datasets,
      @Declare(least = 0, orElse = 0) long waitNanos,
      boolean isRelaying)
      implements Question {
    static final Shape<AskRoutes> SHAPE = Shape.derived("ask_routes", AskRoutes.class);

    @Override
    public Recipient recipient() {
      return Recipient.of(portal);
    }

    @Override
    public Object subject() {
      // Each of those that relay may have a relay of its own.
      return isRelaying ? this : List.of(lineage, known, datasets);
    }
  }

  // The registration is there if the command registered.
  record Answered(ResultCode code, List<String> reasons, Optional<Registration> registration) {
    static final Shape<Answered> SHAPE = Shape.derived("answered", Answered.class);
  }

  record Registration(
      Incarnation incarnation, Lineage lineage, long lastReport, boolean isInventoryWanted) {
    static final Shape<Registration> SHAPE = Shape.derived("registration", Registration.class);
  }

  // No slice for a worker that is unknown or has departed.
  record ToldSlice(
      Optional<SliceDocument> slice, long tick, int massMillionths, boolean isTransferring) {
    static final Shape<ToldSlice> SHAPE =
        Shape.of(
            "slice",
            row -> {
              var tick = row.number("tick", ToldSlice::tick);
              var mass = row.number("mass_deletion_millionths", ToldSlice::massMillionths).narrow();
              var transferring = row.flag("transferring", ToldSlice::isTransferring);
              var slice = row.value("slice", ToldSlice::slice, Forms.optional(DocumentForm.SLICE));
              return v -> new ToldSlice(slice.of(v), tick.of(v), mass.intOf(v), transferring.of(v));
            });

    // Its header may have changed.
    boolean isEmpty() {
      return slice
          .filter(it -> !it.isFull() && it.removed().isEmpty() && it.put().isEmpty())
          .isPresent();
    }
  }

  // Valid for validNanos from the request on, of windowNanos from a leader's answer on; who knows
  // no window does not pass the routes on. Strained workers are a hint, not part of the routes. The
  // relay is the portal to ask next; without one the leader is.
  record ToldRoutes(
      long validNanos,
      long windowNanos,
      RoutesDocument routes,
      List<WorkerId> strained,
      Optional<PortalId> relay) {
    static final Shape<ToldRoutes> SHAPE = with(DocumentForm.ROUTES);

    boolean isEmpty() {
      return relay.isEmpty() && isSame();
    }

    boolean isSame() {
      return !routes.isFull() && routes.removed().isEmpty() && routes.put().isEmpty();
    }

    static Shape<ToldRoutes> with(DocumentForm<RoutesDocument> form) {
      return Shape.of(
          "routes",
          row -> {
            var valid = row.number("valid_nanos", ToldRoutes::validNanos);
            var window = row.number("window_nanos", ToldRoutes::windowNanos).orElse(0);
            var routes = row.value("routes", ToldRoutes::routes, form);
            var strained = row.list("strained", ToldRoutes::strained, Form.of(WorkerId.class));
            var relay = row.value("relay", ToldRoutes::relay, RELAY).orElse(Optional.empty());
            return v ->
                new ToldRoutes(
                    valid.of(v), window.of(v), routes.of(v), strained.of(v), relay.of(v));
          });
    }
  }

  record Refused(ClientDoor.Refusal why, String reason) {
    static final Shape<Refused> SHAPE = Shape.derived("refused", Refused.class);
  }
}
