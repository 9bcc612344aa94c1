package dev.stowage.transfer;

import dev.stowage.evidence.parts.Records;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import dev.stowage.transfer.RarityIndex.Move;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Declares the records of a {@link RarityIndex}. */
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
          .outcome(0x0438, Pieces.class, Pieces.SHAPE)
          .outcome(0x0439, Allowed.class, Allowed.SHAPE)
          .outcome(0x043A, Source.class, Source.SHAPE)
          .build();

  private RarityRecords() {}

  sealed interface Input {}

  sealed interface Outcome {}

  @SuppressWarnings("ArrayRecordComponent") // boxed only where it is written down
  record Advertised(String peer, int[] pieces) implements Input {
    private static final Form<int[]> PIECES =
        Forms.of(
            Forms.list(Forms.INT),
            pieces -> pieces.stream().mapToInt(piece -> piece).toArray(),
            pieces -> Arrays.stream(pieces).boxed().toList());

    static final Shape<Advertised> SHAPE =
        Shape.of(
            "pieces_advertised",
            row -> {
              var peer = row.text("peer", Advertised::peer);
              var pieces = row.value("pieces", Advertised::pieces, PIECES);
              return v -> new Advertised(peer.of(v), pieces.of(v));
            });
  }

  record PieceHeld(int piece, String peer, boolean held) implements Input {
    static final Shape<PieceHeld> SHAPE =
        Shape.of(
            "piece_held",
            row -> {
              var piece = row.number("piece", PieceHeld::piece).narrow();
              var peer = row.text("peer", PieceHeld::peer);
              var held = row.flag("held", PieceHeld::held);
              return v -> new PieceHeld(piece.intOf(v), peer.of(v), held.of(v));
            });
  }

  record PeerRemoved(String peer) implements Input {
    static final Shape<PeerRemoved> SHAPE =
        Shape.of(
            "peer_removed",
            row -> {
              var peer = row.text("peer", PeerRemoved::peer);
              return v -> new PeerRemoved(peer.of(v));
            });
  }

  record PiecesAsked(boolean rarest, int most) implements Input {
    static final Shape<PiecesAsked> SHAPE =
        Shape.of(
            "pieces_asked",
            row -> {
              var rarest = row.flag("rarest", PiecesAsked::rarest);
              var most = row.number("most", PiecesAsked::most).narrow();
              return v -> new PiecesAsked(rarest.of(v), most.intOf(v));
            });
  }

  record Requested(int piece, String peer) implements Input {
    static final Shape<Requested> SHAPE =
        Shape.of(
            "piece_requested",
            row -> {
              var piece = row.number("piece", Requested::piece).narrow();
              var peer = row.text("peer", Requested::peer);
              return v -> new Requested(piece.intOf(v), peer.of(v));
            });
  }

  record PieceMoved(int piece, Move move) implements Input {
    static final Shape<PieceMoved> SHAPE =
        Shape.of(
            "piece_moved",
            row -> {
              var piece = row.number("piece", PieceMoved::piece).narrow();
              var move = row.oneOf("move", Move.class, PieceMoved::move);
              return v -> new PieceMoved(piece.intOf(v), move.of(v));
            });
  }

  record SourceAsked(int piece, List<PeerScore> peers) implements Input {
    static final Shape<SourceAsked> SHAPE =
        Shape.of(
            "source_asked",
            row -> {
              var piece = row.number("piece", SourceAsked::piece).narrow();
              var peers = row.list("peers", SourceAsked::peers, Forms.row(PeerScore.SHAPE));
              return v -> new SourceAsked(piece.intOf(v), peers.of(v));
            });
  }

  record Pieces(List<Integer> pieces) implements Outcome {
    static final Shape<Pieces> SHAPE =
        Shape.of(
            "pieces",
            row -> {
              var pieces = row.list("pieces", Pieces::pieces, Forms.INT);
              return v -> new Pieces(pieces.of(v));
            });
  }

  record Allowed(boolean allowed) implements Outcome {
    static final Shape<Allowed> SHAPE =
        Shape.of(
            "request_allowed",
            row -> {
              var allowed = row.flag("allowed", Allowed::allowed);
              return v -> new Allowed(allowed.of(v));
            });
  }

  record Source(Optional<PeerScore> peer) implements Outcome {
    static final Shape<Source> SHAPE =
        Shape.of(
            "source",
            row -> {
              var peer =
                  row.value("peer", Source::peer, Forms.optional(Forms.row(PeerScore.SHAPE)));
              return v -> new Source(peer.of(v));
            });
  }
}
