package dev.stowage.content.recording;

import dev.stowage.content.ContentItem;
import dev.stowage.content.Flow;
import dev.stowage.content.ItemDetails;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.Tenant;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;

/** The canonical bytes of what goes into a scheduler. */
public final class ContentCodec {
  private static final int NAMED = 1;
  private static final int TENANT = 2;
  private static final int WEIGHT = 4;
  private static final int SEQUENTIAL = 8;
  private static final int DETAILS = 16;

  private ContentCodec() {}

  /** What a cancellation asks for. */
  public sealed interface CancelTarget {
    record Item(long id) implements CancelTarget {}

    record InFlow(Flow flow) implements CancelTarget {}

    record OfObject(long object) implements CancelTarget {}
  }

  public static void item(CanonicalWriter out, ContentItem item) {
    Flow flow = item.flow();
    ItemDetails details = item.details();
    int flags = flowFlags(flow) | (details == ItemDetails.NONE ? 0 : DETAILS);
    out.u64(item.id()).u8(item.priorityClass().rank()).u64(item.sizeBytes());
    out.f64(item.cost()).f64(item.utility()).u8(flags);
    if (flags != 0) {
      flow(out, flow, flags);
    }
    if ((flags & DETAILS) != 0) {
      details(out, details);
    }
  }

  public static ContentItem item(CanonicalReader in) {
    long id = in.u64();
    int rank = in.u8();
    long size = in.u64();
    double cost = in.f64();
    double utility = in.f64();
    int flags = in.u8();
    if (rank > PriorityClass.CONTROL.rank()) {
      throw new EvidenceException.Malformed(9, "class of rank " + rank);
    }
    PriorityClass priorityClass = PriorityClass.ofRank(rank);
    Flow flow = flow(in, flags);
    ItemDetails details = (flags & DETAILS) == 0 ? ItemDetails.NONE : details(in);
    return new ContentItem(id, priorityClass, size, cost, utility, flow, details);
  }

  private static int flowFlags(Flow flow) {
    if (flow == Flow.NONE) {
      return 0;
    }
    int flags = flow.named() ? NAMED : 0;
    flags |= flow.tenant().equals(Tenant.NONE) ? 0 : TENANT;
    flags |= flow.weight() == 1 ? 0 : WEIGHT;
    return flags | (flow.sharing() == Flow.Sharing.SEQUENTIAL ? SEQUENTIAL : 0);
  }

  private static void flow(CanonicalWriter out, Flow flow, int flags) {
    if ((flags & NAMED) != 0) {
      out.u64(flow.stream());
    }
    if ((flags & TENANT) != 0) {
      out.string(flow.tenant().name()).u32(flow.tenant().weight());
    }
    if ((flags & WEIGHT) != 0) {
      out.u32(flow.weight());
    }
  }

  private static Flow flow(CanonicalReader in, int flags) {
    if ((flags & (NAMED | TENANT | WEIGHT | SEQUENTIAL)) == 0) {
      return Flow.NONE;
    }
    boolean named = (flags & NAMED) != 0;
    long stream = named ? in.u64() : 0;
    Tenant tenant = (flags & TENANT) == 0 ? Tenant.NONE : new Tenant(in.string(), (int) in.u32());
    int weight = (flags & WEIGHT) == 0 ? 1 : (int) in.u32();
    Flow.Sharing sharing = (flags & SEQUENTIAL) == 0 ? Flow.Sharing.FAIR : Flow.Sharing.SEQUENTIAL;
    return new Flow(named, stream, tenant, weight, sharing);
  }

  private static void details(CanonicalWriter out, ItemDetails details) {
    if (details.hasDeadline()) {
      out.present().u64(details.deadlineOrNever());
    } else {
      out.absent();
    }
    out.optional(details.destinationOrNull(), CanonicalWriter::string);
    out.optional(details.pieceOrNull(), (o, piece) -> o.u64(piece.object()).u64(piece.index()));
    if (details.copies() >= 0) {
      out.present().u32(details.copies());
    } else {
      out.absent();
    }
    out.map(details.metadata(), CanonicalWriter::string);
  }

  private static ItemDetails details(CanonicalReader in) {
    ItemDetails details = ItemDetails.NONE;
    if (in.flag()) {
      details = details.withDeadline(in.u64());
    }
    if (in.flag()) {
      details = details.withDestination(in.string());
    }
    if (in.flag()) {
      details = details.withPiece(in.u64(), in.u64());
    }
    if (in.flag()) {
      details = details.withCopies((int) in.u32());
    }
    return details.withMetadata(in.map(CanonicalReader::string));
  }

  static void cancelTarget(CanonicalWriter out, CancelTarget target) {
    if (target instanceof CancelTarget.Item item) {
      out.u8(0).u64(item.id());
    } else if (target instanceof CancelTarget.InFlow inFlow) {
      int flags = flowFlags(inFlow.flow());
      out.u8(1).u8(flags);
      flow(out, inFlow.flow(), flags);
    } else if (target instanceof CancelTarget.OfObject ofObject) {
      out.u8(2).u64(ofObject.object());
    }
  }

  public static CancelTarget cancelTarget(CanonicalReader in) {
    int kind = in.u8();
    return switch (kind) {
      case 0 -> new CancelTarget.Item(in.u64());
      case 1 -> new CancelTarget.InFlow(flow(in, in.u8()));
      case 2 -> new CancelTarget.OfObject(in.u64());
      default -> throw new EvidenceException.Malformed(1, "cancellation of kind " + kind);
    };
  }
}
