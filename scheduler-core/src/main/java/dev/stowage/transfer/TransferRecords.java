package dev.stowage.transfer;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.Subject;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.pressure.PressureSnapshot;
import java.util.List;
import java.util.function.Function;

/** What {@link TransferScheduler} and {@link RarityIndex} write into the evidence. */
final class TransferRecords {
  static final RecordType OFFERED = RecordType.input(0x0400, "TRANSFER_OFFERED");
  static final RecordType ASKED = RecordType.input(0x0401, "TRANSFER_ASKED");
  static final RecordType COMPLETED = RecordType.input(0x0402, "TRANSFER_COMPLETED");
  static final RecordType FAILED = RecordType.input(0x0403, "TRANSFER_FAILED");
  static final RecordType WITHDRAWN = RecordType.input(0x0404, "TRANSFER_WITHDRAWN");
  static final RecordType ACCEPTED = RecordType.outcome(0x0408, "TRANSFER_ACCEPTED");
  static final RecordType SENT = RecordType.outcome(0x0409, "TRANSFER_SENT");
  static final RecordType HELD = RecordType.outcome(0x040A, "TRANSFER_HELD");
  static final RecordType FAILURE = RecordType.outcome(0x040B, "TRANSFER_FAILURE");

  static final RecordType ADVERTISED = RecordType.input(0x0430, "PIECES_ADVERTISED");
  static final RecordType PEER_REMOVED = RecordType.input(0x0431, "PEER_REMOVED");
  static final RecordType PIECES_ASKED = RecordType.input(0x0432, "PIECES_ASKED");
  static final RecordType REQUESTED = RecordType.input(0x0433, "PIECE_REQUESTED");
  static final RecordType PIECE_MOVED = RecordType.input(0x0434, "PIECE_MOVED");
  static final RecordType SOURCE_ASKED = RecordType.input(0x0435, "SOURCE_ASKED");
  static final RecordType PIECES = RecordType.outcome(0x0438, "PIECES");
  static final RecordType ALLOWED = RecordType.outcome(0x0439, "REQUEST_ALLOWED");
  static final RecordType SOURCE = RecordType.outcome(0x043A, "SOURCE");

  private static final List<String> HELD_WORDS =
      List.of("throttled", "saturated", "nothing fits", "idle");

  private TransferRecords() {}

  /** Every type with its decoder. */
  static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .add(OFFERED, in -> Decoded.of("at " + in.u64() + ": " + chunk(in)))
        .add(ASKED, TransferRecords::asked)
        .add(COMPLETED, chunkThen(in -> " after " + RecordWriter.anyDouble(in) + " s"))
        .add(FAILED, chunkThen(in -> " at " + in.u64()))
        .add(WITHDRAWN, chunkThen(in -> ""))
        .add(ACCEPTED, in -> Decoded.of(in.flag() ? "yes" : "no"))
        .add(SENT, chunkThen(in -> " of score " + RecordWriter.anyDouble(in)))
        .add(HELD, in -> Decoded.of(HELD_WORDS.get(in.ordinal(HELD_WORDS.size()))))
        .add(FAILURE, in -> Decoded.of(failure(in).toString()))
        .add(ADVERTISED, in -> Decoded.of(in.string() + ": pieces " + pieces(in)))
        .add(PEER_REMOVED, in -> Decoded.of(in.string()))
        .add(PIECES_ASKED, in -> Decoded.of((in.flag() ? "rarest " : "first ") + in.u32()))
        .add(REQUESTED, in -> Decoded.of("piece " + in.u32() + " of " + in.string()))
        .add(PIECE_MOVED, in -> Decoded.of(moved(in)))
        .add(
            SOURCE_ASKED,
            in -> Decoded.of("piece " + in.u32() + " of " + in.list(TransferRecords::peer)))
        .add(SOURCE, in -> Decoded.of(in.optional(CanonicalReader::string).orElse("nobody")))
        .add(PIECES, in -> Decoded.of(pieces(in).toString()))
        .add(ALLOWED, in -> Decoded.of(in.flag() ? "yes" : "no"))
        .build();
  }

  private static Decoded asked(CanonicalReader in) {
    long at = in.u64();
    PressureSnapshot pressure = PressureSnapshot.read(in);
    return Decoded.of("at " + at + " with a budget of " + in.u64() + " under " + pressure);
  }

  /** A decoder of a chunk's name and what {@code rest} reads behind it. */
  private static RecordDecoder chunkThen(Function<CanonicalReader, String> rest) {
    return in -> {
      String object = Long.toUnsignedString(in.u64());
      String text = "object " + object + " at " + in.u64() + rest.apply(in);
      return Decoded.of(text, new Subject("object", object));
    };
  }

  private static String moved(CanonicalReader in) {
    return "piece " + in.u32() + " " + in.oneOf(RarityIndex.Move.values());
  }

  static void chunk(CanonicalWriter out, TransferChunk chunk) {
    out.u64(chunk.object()).u64(chunk.offset()).u64(chunk.sizeBytes());
    out.u8(chunk.priority().ordinal());
    RecordWriter.anyDouble(out, chunk.value().earlyUsability());
    RecordWriter.anyDouble(out, chunk.value().decodeUsefulness());
    out.u64(chunk.value().resumeBytes());
    RecordWriter.anyDouble(out, chunk.costs().cpu());
    RecordWriter.anyDouble(out, chunk.costs().disk());
    RecordWriter.anyDouble(out, chunk.costs().network());
    out.u64(chunk.deadlineNanos());
  }

  static TransferChunk chunk(CanonicalReader in) {
    return new TransferChunk(
        in.u64(),
        in.u64(),
        in.u64(),
        in.oneOf(TransferPriority.values()),
        new TransferChunk.Value(RecordWriter.anyDouble(in), RecordWriter.anyDouble(in), in.u64()),
        new TransferChunk.Costs(
            RecordWriter.anyDouble(in), RecordWriter.anyDouble(in), RecordWriter.anyDouble(in)),
        in.u64());
  }

  static TransferScheduler.Failure failure(CanonicalReader in) {
    return in.oneOf(TransferScheduler.Failure.values());
  }

  static void pieces(CanonicalWriter out, List<Integer> pieces) {
    out.list(pieces, (to, piece) -> to.u32(piece));
  }

  static List<Integer> pieces(CanonicalReader in) {
    return in.list(r -> (int) r.u32());
  }

  static void peer(CanonicalWriter out, PeerScore peer) {
    out.string(peer.id());
    RecordWriter.anyDouble(out, peer.bytesPerSecond());
    out.u64(peer.successes()).u64(peer.failures());
    RecordWriter.anyDouble(out, peer.statedReliability());
    RecordWriter.anyDouble(out, peer.latencyMillis());
    RecordWriter.anyDouble(out, peer.reputation());
    out.u32(peer.inFlight());
  }

  static PeerScore peer(CanonicalReader in) {
    return new PeerScore(
        in.string(),
        RecordWriter.anyDouble(in),
        in.u64(),
        in.u64(),
        RecordWriter.anyDouble(in),
        RecordWriter.anyDouble(in),
        RecordWriter.anyDouble(in),
        (int) in.u32());
  }
}
