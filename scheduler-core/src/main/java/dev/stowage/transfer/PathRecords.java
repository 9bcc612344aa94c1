package dev.stowage.transfer;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.transfer.PathSelector.Path;
import dev.stowage.transfer.PathSelector.Relay;
import java.util.List;

/** What {@link PathSelector} writes into the evidence. */
final class PathRecords {
  static final RecordType ASKED = RecordType.input(0x0410, "PATHS_ASKED");
  static final RecordType FORGOTTEN = RecordType.input(0x0411, "PATHS_FORGOTTEN");
  static final RecordType CHOSEN = RecordType.outcome(0x0418, "PATHS_CHOSEN");

  private PathRecords() {}

  /** Every type with its decoder. */
  static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .add(ASKED, in -> Decoded.of(in.string() + ": " + askedInWords(in)))
        .add(FORGOTTEN, in -> Decoded.of(in.string()))
        .add(CHOSEN, in -> Decoded.of(in.flag() ? chosenInWords(in) : "network unreachable"))
        .build();
  }

  private static String askedInWords(CanonicalReader in) {
    List<Path> paths = in.list(PathRecords::path);
    List<Relay> relays = in.list(PathRecords::relay);
    return paths + ", " + relays + ", redundancy hint " + RecordWriter.anyDouble(in);
  }

  private static String chosenInWords(CanonicalReader in) {
    String decision = in.string();
    List<String> paths = in.list(r -> r.string() + " of " + RecordWriter.anyDouble(r));
    List<String> rejected = in.list(r -> r.string() + ": " + r.string());
    String reason = in.string();
    double redundancy = in.f64();
    String relay = in.optional(CanonicalReader::string).orElse("none");
    return decision
        + " "
        + paths
        + ", not "
        + rejected
        + ", "
        + reason
        + ", redundancy "
        + redundancy
        + ", relay "
        + relay
        + ", window "
        + in.u64()
        + " to "
        + in.u64();
  }

  static void policy(CanonicalWriter out, PathSelector.Policy policy) {
    out.u32(policy.maxPaths()).f64(policy.leastScore()).f64(policy.switchGap());
    out.f64(policy.repairAboveLoss()).u8(policy.relays() ? 1 : 0);
    out.u8(policy.preferStability() ? 1 : 0);
  }

  static PathSelector.Policy policy(CanonicalReader in) {
    return new PathSelector.Policy(
        (int) in.u32(), in.f64(), in.f64(), in.f64(), in.flag(), in.flag());
  }

  static void asked(CanonicalWriter out, List<Path> paths, List<Relay> relays, double hint) {
    out.list(paths, PathRecords::path).list(relays, PathRecords::relay);
    RecordWriter.anyDouble(out, hint);
  }

  private static void path(CanonicalWriter out, Path path) {
    out.string(path.id()).u8(path.quality().ordinal());
    RecordWriter.anyDouble(out, path.stability());
    RecordWriter.anyDouble(out, path.lossShare());
    out.u64(path.windowBytes());
  }

  static Path path(CanonicalReader in) {
    return new Path(
        in.string(),
        in.oneOf(PathSelector.Quality.values()),
        RecordWriter.anyDouble(in),
        RecordWriter.anyDouble(in),
        in.u64());
  }

  private static void relay(CanonicalWriter out, Relay relay) {
    out.string(relay.id()).u64(relay.cost()).u64(relay.latencyMillis()).u64(relay.priority());
  }

  static Relay relay(CanonicalReader in) {
    return new Relay(in.string(), in.u64(), in.u64(), (int) in.u64());
  }

  static void answer(CanonicalWriter out, PathSelector.Answer answer) {
    if (!(answer instanceof PathSelector.Selection selection)) {
      out.absent();
      return;
    }
    out.present().string(selection.decisionId());
    out.list(
        selection.paths(),
        (to, scored) -> RecordWriter.anyDouble(to.string(scored.path().id()), scored.score()));
    out.list(
        selection.rejected().entrySet(),
        (to, entry) -> to.string(entry.getKey()).string(entry.getValue().toString()));
    out.string(selection.reason().name()).f64(selection.redundancy());
    out.optional(selection.relay().map(Relay::id).orElse(null), CanonicalWriter::string);
    out.u64(selection.initialWindowBytes()).u64(selection.maxWindowBytes());
  }
}
