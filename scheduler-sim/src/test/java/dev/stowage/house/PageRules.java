package dev.stowage.house;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the pages promise to those who read them: links lead somewhere, what comments cite is there,
 * types and packages have the names that the pages give them. Each rule says what breaks it.
 */
final class PageRules {
  private static final String DESIGN = "docs/design/";
  private static final String ARCHITECTURE = "docs/architecture.md";
  private static final String CORE = "scheduler-core/src/main/java/dev/stowage/";

  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|enum|record)\\s+([A-Z]\\w*)");
  private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w*[a-z]\\w*");
  private static final Pattern ID = Pattern.compile("\\b[A-Z]-[TGD]\\d\\d[a-z]?\\b");
  private static final Pattern TAG =
      Pattern.compile("@(?:[a-z.]+\\.)?Tag\\(\"([A-Z]-[TGD]\\d\\d[a-z]?)\"\\)");

  private final SortedMap<String, String> texts;
  private final TreeSet<String> places = new TreeSet<>();
  private final TreeMap<String, MarkdownPage> pages = new TreeMap<>();

  /**
   * The rules over a repository.
   *
   * @param texts its text files by their path, with slashes, from the root
   * @param files the paths of all its files
   */
  PageRules(SortedMap<String, String> texts, List<String> files) {
    this.texts = texts;
    for (String file : files) {
      for (Path place = Path.of(file); place != null; place = place.getParent()) {
        places.add(slashed(place));
      }
    }
    texts.forEach((file, text) -> {
      if (file.equals("README.md") || (file.startsWith("docs/") && file.endsWith(".md"))) {
        pages.put(file, new MarkdownPage(text));
      }
    });
  }

  /** Relative links of README and of the pages, and the headings that they name. */
  List<String> brokenLinks() {
    List<String> faults = new ArrayList<>();
    pages.forEach((file, page) -> {
      for (String link : page.links()) {
        if (!ELSEWHERE.matcher(link).matches() && !leads(file, page, link)) {
          faults.add(file + ": " + link);
        }
      }
    });
    return faults;
  }

  private boolean leads(String file, MarkdownPage from, String link) {
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    String place = path.isEmpty() ? file : slashed(Path.of(file).resolveSibling(path).normalize());
    if (hash < 0) {
      return places.contains(place);
    }
    MarkdownPage to = path.isEmpty() ? from : pages.get(place);
    return to != null && to.anchors().contains(link.substring(hash + 1));
  }

  /** Citations in sources, scenarios, scripts and pages. */
  List<String> brokenCitations() {
    TreeMap<String, Map<Integer, TreeSet<Integer>>> sections = new TreeMap<>();
    designs().forEach((name, page) -> sections.put(name, page.sections()));
    Citations citations = new Citations(sections);
    TreeMap<String, String> faults = new TreeMap<>();
    texts.forEach((file, text) -> {
      for (String fault : citations.faults(text, ownPage(file))) {
        faults.merge(fault, file, (some, other) -> some + ", " + other);
      }
    });
    List<String> lines = new ArrayList<>();
    faults.forEach((fault, where) -> lines.add(fault + ": " + where));
    return lines;
  }

  /** What a section without a page means: the guides number nothing. */
  private static String ownPage(String file) {
    if (file.startsWith(DESIGN)) {
      return file.substring(DESIGN.length()).replace(".md", "");
    }
    return file.endsWith(".md") ? "" : "lifecycle";
  }

  /** Headings of design pages that are not numbered one after the other. */
  List<String> oddHeadings() {
    List<String> faults = new ArrayList<>();
    designs()
        .forEach(
            (name, page) -> page.unnumberedHeadings().forEach(h -> faults.add(name + ": " + h)));
    return faults;
  }

  /** Names in backticks on design pages that no type has. */
  List<String> unknownTypes() {
    TreeSet<String> types = new TreeSet<>();
    texts.forEach((file, text) -> {
      if (file.endsWith(".java")) {
        Matcher type = TYPE.matcher(CommentStripper.strip(text));
        while (type.find()) {
          types.add(type.group(1));
        }
      }
    });
    List<String> faults = new ArrayList<>();
    described()
        .forEach((file, page) -> {
          for (String span : page.codeSpans()) {
            Matcher name = NAME.matcher(span);
            while (name.find()) {
              if (!types.contains(name.group())) {
                faults.add(file + ": `" + span + "`, there is no type " + name.group());
              }
            }
          }
        });
    return faults;
  }

  /** Packages of core that neither the architecture nor a design page names. */
  List<String> unnamedPackages() {
    TreeSet<String> named = new TreeSet<>();
    described().values().forEach(page -> named.addAll(page.codeSpans()));
    List<String> faults = new ArrayList<>();
    if (!pages.containsKey(ARCHITECTURE)) {
      faults.add("there is no page " + ARCHITECTURE);
    }
    for (String file : texts.keySet()) {
      if (file.startsWith(CORE) && file.endsWith("package-info.java")) {
        String inner = file.substring(CORE.length()).replaceAll("/?package-info\\.java$", "");
        String name = inner.replace('/', '.');
        String full = name.isEmpty() ? "dev.stowage" : "dev.stowage." + name;
        if (!named.contains(full) && !named.contains(name)) {
          faults.add("no page names package " + full);
        }
      }
    }
    return faults;
  }

  /** Ids that stand in a test's tag and on no page, or on a page and in no tag. */
  List<String> unknownIds() {
    TreeSet<String> tagged = new TreeSet<>();
    texts.forEach((file, text) -> {
      if (file.endsWith(".java")) {
        collect(TAG.matcher(text), 1, tagged);
      }
    });
    TreeSet<String> listed = new TreeSet<>();
    texts.forEach((file, text) -> {
      if (file.startsWith(DESIGN)) {
        collect(ID.matcher(text), 0, listed);
      }
    });
    List<String> faults = new ArrayList<>();
    tagged.stream().filter(id -> !listed.contains(id)).forEach(id -> faults.add(id + ": no page"));
    listed.stream().filter(id -> !tagged.contains(id)).forEach(id -> faults.add(id + ": no test"));
    return faults;
  }

  private static void collect(Matcher matcher, int group, TreeSet<String> into) {
    while (matcher.find()) {
      into.add(matcher.group(group));
    }
  }

  /** The design pages by name. */
  private SortedMap<String, MarkdownPage> designs() {
    TreeMap<String, MarkdownPage> designs = new TreeMap<>();
    pages.forEach((file, page) -> {
      if (file.startsWith(DESIGN)) {
        designs.put(ownPage(file), page);
      }
    });
    return designs;
  }

  /** The pages that describe the code. */
  private SortedMap<String, MarkdownPage> described() {
    TreeMap<String, MarkdownPage> described = new TreeMap<>(pages);
    described.keySet().removeIf(file -> !file.startsWith(DESIGN) && !file.equals(ARCHITECTURE));
    return described;
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }
}
