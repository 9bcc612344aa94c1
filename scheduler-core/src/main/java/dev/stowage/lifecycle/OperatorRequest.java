package dev.stowage.lifecycle;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.shape.Forms;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Commands that a process which does not lead asks the leader to carry out together, and the
 * leader's reply. Kept in an annex of its own, so that no request replaces another one; the leader
 * replies in its next scheduling cycle, in the commit that carries them out.
 *
 * @param id the name of the request
 * @param askedTick the tick of the request, by which the leader orders requests
 * @param commands the commands, all or none of which are carried out
 * @param planHash the hash of the reviewed plan that follows them; empty for no plan
 * @param reply the reply; empty until the leader decided
 */
public record OperatorRequest(
    String id, long askedTick, List<Command<?>> commands, String planHash, Optional<Reply> reply) {
  /** The most replies that a fleet keeps. */
  public static final int MOST_REPLIES = 16;

  private static final String KIND = "operator/request/1/";

  private static final Shape.Builder<OperatorRequest> FIELDS = Shape.named("operator_request");
  private static final ValueField<OperatorRequest, String> ID =
      FIELDS.text("id", OperatorRequest::id);
  private static final NumberField<OperatorRequest> ASKED =
      FIELDS.number("asked_tick", OperatorRequest::askedTick);
  private static final ValueField<OperatorRequest, List<Command<?>>> COMMANDS =
      FIELDS.list("commands", OperatorRequest::commands, CommandCodec.FORM);
  private static final ValueField<OperatorRequest, String> PLAN_HASH =
      FIELDS.text("plan_hash", OperatorRequest::planHash);
  private static final ValueField<OperatorRequest, Optional<Reply>> REPLY =
      FIELDS.value("reply", OperatorRequest::reply, Forms.optional(Forms.row(Reply.SHAPE)));
  private static final Shape<OperatorRequest> SHAPE =
      FIELDS.make(v ->
          new OperatorRequest(ID.of(v), ASKED.of(v), COMMANDS.of(v), PLAN_HASH.of(v), REPLY.of(v)));

  /**
   * The leader's reply to a request.
   *
   * @param code as that of {@code CarriedOut}
   * @param planHash the hash of the plan found; empty if none was made
   * @param why the refusal in words; empty if there is none
   */
  public record Reply(ResultCode code, String planHash, String why) {
    private static final Shape.Builder<Reply> FIELDS = Shape.named("reply");
    private static final ValueField<Reply, ResultCode> CODE =
        FIELDS.oneOf("code", ResultCode.class, Reply::code);
    private static final ValueField<Reply, String> PLAN_HASH =
        FIELDS.text("plan_hash", Reply::planHash);
    private static final ValueField<Reply, String> WHY = FIELDS.text("why", Reply::why);
    static final Shape<Reply> SHAPE =
        FIELDS.make(v -> new Reply(CODE.of(v), PLAN_HASH.of(v), WHY.of(v)));

    /** Throws {@code NullPointerException} if a component is null. */
    public Reply {
      Objects.requireNonNull(code, "code");
      Objects.requireNonNull(planHash, "planHash");
      Objects.requireNonNull(why, "why");
    }
  }

  /** Copies the list. */
  public OperatorRequest {
    Objects.requireNonNull(id, "id");
    commands = List.copyOf(commands);
    Objects.requireNonNull(planHash, "planHash");
    Objects.requireNonNull(reply, "reply");
  }

  /** Returns a request of {@code asker}; equal requests of one tick are one. */
  public static OperatorRequest of(
      String asker, long askedTick, List<Command<?>> commands, String planHash) {
    OperatorRequest bare =
        new OperatorRequest(asker, askedTick, commands, planHash, Optional.empty());
    String id = Hash256.of(bare.toAnnex().content()).toString().substring(0, 16);
    return new OperatorRequest(id, askedTick, commands, planHash, Optional.empty());
  }

  /** Returns this request with the leader's reply. */
  public OperatorRequest repliedTo(Reply answer) {
    return new OperatorRequest(id, askedTick, List.of(), planHash, Optional.of(answer));
  }

  /** Returns the annex that keeps this request. */
  public Annex toAnnex() {
    CanonicalWriter out = new CanonicalWriter();
    SHAPE.write(this, out);
    return new Annex(KIND + id, out.toBytes());
  }

  /** Returns the command that gives the request to the fleet. */
  public Command.Keep toCommand() {
    return new Command.Keep(toAnnex());
  }

  /** Returns the command that forgets the request. */
  public Command.Keep toForget() {
    return new Command.Keep(new Annex(KIND + id, new byte[0]));
  }

  /** Reports whether an annex without content is none. */
  public static boolean isForgotten(Annex annex) {
    return annex.content().length == 0 && annex.kind().startsWith(KIND);
  }

  /** Returns the request of this id that a fleet keeps; empty if it keeps none. */
  public static Optional<OperatorRequest> of(LifecycleView view, String id) {
    return view.annex(KIND + id).flatMap(OperatorRequest::read);
  }

  /** Returns the requests that a fleet keeps, in the order of their ticks and ids. */
  public static List<OperatorRequest> all(LifecycleView view) {
    List<OperatorRequest> all = new ArrayList<>();
    for (Annex annex : view.fleetRow().annexes().values()) {
      if (annex.kind().startsWith(KIND)) {
        read(annex).ifPresent(all::add);
      }
    }
    all.sort(Comparator.comparingLong(OperatorRequest::askedTick).thenComparing(it -> it.id));
    return all;
  }

  // Anybody may write an annex: what cannot be read asks for nothing.
  private static Optional<OperatorRequest> read(Annex annex) {
    try {
      CanonicalReader in = CanonicalReader.of(annex.content());
      OperatorRequest request = in.row(SHAPE);
      in.end();
      return Optional.of(request);
    } catch (IllegalArgumentException | EvidenceException unreadable) {
      return Optional.empty();
    }
  }
}
