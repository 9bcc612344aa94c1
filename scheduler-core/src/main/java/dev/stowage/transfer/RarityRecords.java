package dev.stowage.transfer;

import static dev.stowage.shape.RecordShapes.flag;
import static dev.stowage.shape.RecordShapes.list;
import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.oneOf;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.text;
import static dev.stowage.shape.RecordShapes.value;

import dev.stowage.evidence.parts.Records;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.transfer.RarityIndex.Move;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The record types of a {@link RarityIndex}. */
final class RarityRecords {
  static final Records<Input, Outcome> ALL =
      Records.of(Input.class, Outcome.class)
          .input(0x0430, Advertised.class, Advertised.SHAPE)
          .input(0x0431, PeerRemoved.class, PeerRemoved.SHAPE)
          .input(0x0432, PiecesAsked.class, PiecesAsked.SHAPE)
          .input(0x0433, Requested.class, Requested.SHAPE)
          .input(0x0434, PieceMoved.class, PieceMoved.SHAPE)
          .input(0x0435, SourceAsked.class, SourceAsked.SHAPE)
          .input(0x0436, PieceHeld.class, PieceHeld.SHAPE)
          .input(0x0437, RequestFailed.class, RequestFailed.SHAPE)
          .outcome(0x0438, Pieces.class, Pieces.SHAPE)
          .outcome(0x0439, Allowed.class, Allowed.SHAPE)
          .outcome(0x043A, Source.class, Source.SHAPE)
          .build();

  private RarityRecords() {}

  sealed interface Input {}

  sealed interface Outcome {}

  @SuppressWarnings("ArrayRecordComponent") // boxed for the record only
  record Advertised(String peer, int[] pieces) implements Input {
    private static final Form<int[]> PIECES =
        Forms.of(
            Forms.list(Forms.INT),
            pieces -> pieces.stream().mapToInt(piece -> piece).toArray(),
            pieces -> Arrays.stream(pieces).boxed().toList());

    static final Shape<Advertised> SHAPE =
        shape(
            "pieces_advertised",
            text("peer", Advertised::peer),
            value("pieces", Advertised::pieces, PIECES),
            Advertised::new);
  }

  record PieceHeld(int piece, String peer, boolean held) implements Input {
    static final Shape<PieceHeld> SHAPE =
        shape(
            "piece_held",
            narrow("piece", PieceHeld::piece),
            text("peer", PieceHeld::peer),
            flag("held", PieceHeld::held),
            PieceHeld::new);
  }

  record PeerRemoved(String peer) implements Input {
    static final Shape<PeerRemoved> SHAPE =
        shape("peer_removed", text("peer", PeerRemoved::peer), PeerRemoved::new);
  }

  record PiecesAsked(boolean rarest, int most) implements Input {
    static final Shape<PiecesAsked> SHAPE =
        shape(
            "pieces_asked",
            flag("rarest", PiecesAsked::rarest),
            narrow("most", PiecesAsked::most),
            PiecesAsked::new);
  }

  record Requested(int piece, String peer) implements Input {
    static final Shape<Requested> SHAPE =
        shape(
            "piece_requested",
            narrow("piece", Requested::piece),
            text("peer", Requested::peer),
            Requested::new);
  }

  record RequestFailed(int piece, String peer) implements Input {
    static final Shape<RequestFailed> SHAPE =
        shape(
            "request_failed",
            narrow("piece", RequestFailed::piece),
            text("peer", RequestFailed::peer),
            RequestFailed::new);
  }

  record PieceMoved(int piece, Move move) implements Input {
    static final Shape<PieceMoved> SHAPE =
        shape(
            "piece_moved",
            narrow("piece", PieceMoved::piece),
            oneOf("move", Move.class, PieceMoved::move),
            PieceMoved::new);
  }

  record SourceAsked(int piece, List<PeerScore> peers) implements Input {
    static final Shape<SourceAsked> SHAPE =
        shape(
            "source_asked",
            narrow("piece", SourceAsked::piece),
            list("peers", SourceAsked::peers, Forms.row(PeerScore.SHAPE)),
            SourceAsked::new);
  }

  record Pieces(List<Integer> pieces) implements Outcome {
    static final Shape<Pieces> SHAPE =
        shape("pieces", list("pieces", Pieces::pieces, Forms.INT), Pieces::new);
  }

  record Allowed(boolean allowed) implements Outcome {
    static final Shape<Allowed> SHAPE =
        shape("request_allowed", flag("allowed", Allowed::allowed), Allowed::new);
  }

  record Source(Optional<PeerScore> peer) implements Outcome {
    static final Shape<Source> SHAPE =
        shape(
            "source",
            value("peer", Source::peer, Forms.optional(Forms.row(PeerScore.SHAPE))),
            Source::new);
  }
}
