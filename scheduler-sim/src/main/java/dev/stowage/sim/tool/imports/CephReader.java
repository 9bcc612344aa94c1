package dev.stowage.sim.tool.imports;

import dev.stowage.model.WorkerStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ceph: the JSON of {@code pg dump} and {@code osd df tree}, and of {@code osd pool ls detail} for
 * the names of pools, their sizes, and which are erasure coded.
 *
 * <p>Without the pools, a pool is known by its number, its size is that of its objects' copies, or
 * the most OSDs of a placement group, and it counts as erasure coded if a set of OSDs has a hole.
 */
final class CephReader implements FleetFormat.Reader {
  private static final Pattern GROUP = Pattern.compile("([0-9]{1,18})\\.([0-9a-f]{1,8})");

  /** The id of an OSD where a set has a hole, which only erasure coded groups have. */
  private static final long HOLE = 0x7fffffff;

  private static final long ERASURE = 3;
  private static final long KIB = 1024;

  /** A placement group; sets are lists because the order tells the shards of erasure codes. */
  private record Group(
      Place at,
      long number,
      String id,
      List<Long> up,
      List<Long> acting,
      long bytes,
      long copies) {}

  private record Pool(String name, long size, boolean isErasure) {}

  private final Map<Long, Map<Long, Group>> groups = new TreeMap<>();
  private final Map<Long, Pool> pools = new HashMap<>();

  @Override
  public void read(PrintedFile source, ImportedFleet fleet) throws Refused {
    for (PrintedFile.Document document : source.documents()) {
      JsonPart root = document.root();
      if (root.has("pg_map")) {
        dump(root.in("pg_map").in("pg_stats"));
      } else if (root.has("pg_stats")) {
        dump(root.in("pg_stats"));
      } else if (root.has("nodes")) {
        tree(root, fleet);
      } else if (root.has("pools")) {
        pools(root.in("pools"));
      } else if (root.node().isArray()) {
        pools(root);
      } else {
        throw source
            .at(1)
            .refused(
                "JSON of 'pg dump', 'osd df tree' or 'osd pool ls detail'", "none of their keys");
      }
    }
    if (source.documents().isEmpty()) {
      throw source.at(1).refused("JSON (the option '-f json')", "none");
    }
  }

  private void dump(JsonPart stats) throws Refused {
    for (JsonPart pg : stats.items()) {
      String id = pg.in("pgid").text();
      Matcher parts = GROUP.matcher(id);
      if (!parts.matches()) {
        throw pg.in("pgid").at().refusedText("POOL.GROUP, such as 2.1f", id);
      }
      long number = Long.parseLong(parts.group(2), 16);
      JsonPart sum = pg.in("stat_sum");
      long objects = sum.has("num_objects") ? sum.in("num_objects").whole() : 0;
      long copies = sum.has("num_object_copies") ? sum.in("num_object_copies").whole() : 0;
      Group group =
          new Group(
              pg.at(),
              number,
              id,
              osds(pg.in("up")),
              osds(pg.in("acting")),
              sum.in("num_bytes").whole(),
              objects == 0 ? 0 : copies / objects);
      Map<Long, Group> ofPool =
          groups.computeIfAbsent(Long.parseLong(parts.group(1)), pool -> new TreeMap<>());
      if (ofPool.put(number, group) != null) {
        throw pg.at().refusedText("each placement group once", id);
      }
    }
  }

  private static List<Long> osds(JsonPart set) throws Refused {
    List<Long> osds = new java.util.ArrayList<>();
    for (JsonPart osd : set.items()) {
      osds.add(osd.whole());
    }
    return osds;
  }

  private void pools(JsonPart list) throws Refused {
    for (JsonPart pool : list.items()) {
      long id = pool.in(pool.has("pool_id") ? "pool_id" : "pool").whole();
      pools.put(
          id,
          new Pool(
              pool.in("pool_name").text(),
              pool.in("size").whole(),
              pool.in("type").whole() == ERASURE));
    }
  }

  private static void tree(JsonPart root, ImportedFleet fleet) throws Refused {
    Map<Long, JsonPart> nodes = new LinkedHashMap<>();
    Map<Long, Long> parents = new HashMap<>();
    for (JsonPart node : root.in("nodes").items()) {
      long id = id(node.in("id"));
      nodes.put(id, node);
      if (node.has("children")) {
        for (JsonPart child : node.in("children").items()) {
          Long other = parents.put(id(child), id);
          if (other != null && other != id) {
            throw child.at().refused("each node below one bucket", child.text() + " below two");
          }
        }
      }
    }
    for (JsonPart node : nodes.values()) {
      if (node.in("type").text().equals("osd")) {
        osd(node, path(node, nodes, parents), fleet);
      }
    }
    if (root.has("stray")) {
      for (JsonPart stray : root.in("stray").items()) {
        osd(stray, "", fleet);
      }
    }
    fleet.listWorkers();
  }

  /** Returns an id, which is below 0 for a bucket. */
  private static long id(JsonPart id) throws Refused {
    if (!id.node().isIntegralNumber() || !id.node().canConvertToLong()) {
      throw id.at().refused("a whole number", id.text());
    }
    return id.node().longValue();
  }

  private static String path(JsonPart node, Map<Long, JsonPart> nodes, Map<Long, Long> parents)
      throws Refused {
    StringBuilder path = new StringBuilder();
    Long above = parents.get(id(node.in("id")));
    for (int steps = 0; above != null; steps++) {
      JsonPart bucket = nodes.get(above);
      if (bucket == null || steps > nodes.size()) {
        throw node.at().refused("buckets that form a tree", "bucket " + above + " that does not");
      }
      path.insert(0, bucket.in("name").text() + (path.length() == 0 ? "" : "/"));
      above = parents.get(above);
    }
    return path.toString();
  }

  private static void osd(JsonPart osd, String path, ImportedFleet fleet) throws Refused {
    String status = osd.in("status").text();
    if (!status.equals("up") && !status.equals("down")) {
      throw osd.in("status").at().refusedText("up or down", status);
    }
    boolean isOut = osd.in("reweight").node().asDouble(1) == 0;
    long kib = osd.in("kb").whole();
    if (kib > Long.MAX_VALUE / KIB) {
      throw osd.in("kb").at().refused("at most " + Long.MAX_VALUE / KIB, Long.toString(kib));
    }
    fleet
        .worker(osd.at(), osd.in("name").text())
        .zone(path)
        .capacity(kib * KIB)
        .status(
            status.equals("down")
                ? WorkerStatus.DEPARTED
                : isOut ? WorkerStatus.LEAVING : WorkerStatus.ACTIVE);
  }

  @Override
  public void end(ImportedFleet fleet) throws Refused {
    for (Map.Entry<Long, Map<Long, Group>> each : groups.entrySet()) {
      Map<Long, Group> all = each.getValue();
      Pool known = pools.get(each.getKey());
      if (known == null && !pools.isEmpty()) {
        throw all.values()
            .iterator()
            .next()
            .at()
            .refused("a pool that 'osd pool ls detail' lists", "pool " + each.getKey());
      }
      boolean hasHole =
          all.values().stream()
              .anyMatch(pg -> pg.up().contains(HOLE) || pg.acting().contains(HOLE));
      String name = known == null ? Long.toString(each.getKey()) : known.name();
      if (known == null ? hasHole : known.isErasure()) {
        fleet.leaveOut("erasure coded pools, whose parts are no copies", name);
        continue;
      }
      long widest = 0;
      for (Group group : all.values()) {
        widest = Math.max(widest, group.copies() > 0 ? group.copies() : group.up().size());
      }
      for (Group group : all.values()) {
        add(group, name, known == null ? widest : known.size(), fleet);
      }
    }
  }

  private static void add(Group group, String pool, long size, ImportedFleet fleet) throws Refused {
    ImportedChunk chunk =
        fleet.chunk(group.at(), pool, group.id(), group.number()).size(group.bytes()).floor(size);
    Set<Long> acting = new HashSet<>(group.acting());
    for (long osd : group.up()) {
      chunk.replica(group.at(), "osd." + osd, Holding.of(true, acting.contains(osd)));
    }
    Set<Long> up = new HashSet<>(group.up());
    for (long osd : group.acting()) {
      if (!up.contains(osd)) {
        chunk.replica(group.at(), "osd." + osd, Holding.GOING);
      }
    }
  }
}
