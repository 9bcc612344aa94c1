import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws the pictures beside this file from their text: {@code java docs/pictures/Draw.java}. Each
 * line of a text is a shape; coordinates are in units of a picture that is 380 units wide.
 *
 * <pre>
 * size WIDTH HEIGHT
 * title WORDS              the heading
 * desc WORDS               what a screen reader says
 * box X Y W H KIND WORDS   KIND: plain, seen, work, gone, dark; " / " breaks the line
 * arrow X Y X Y KIND       KIND: plain, bytes, dash
 * line X Y X Y KIND        an arrow without its head
 * label X Y ANCHOR WORDS   ANCHOR: start, middle, end
 * </pre>
 */
public final class Draw {
  private static final String STYLE =
      """
      <style>
        text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: 13px; fill: #1f2328 }
        .title { font-size: 16px; font-weight: 600 }
        .box { font-weight: 600 }
        .page { fill: #ffffff; stroke: #d0d7de }
        .plain { fill: #eef1f4; stroke: #6e7781 }
        .seen { fill: #d3f0da; stroke: #1a7f37 }
        .work { fill: #ddeeff; stroke: #0969da }
        .gone { fill: #ffffff; stroke: #8c959f; stroke-dasharray: 4 3 }
        .dark { fill: #ffe3d6; stroke: #bc4c00 }
        path { fill: none; stroke: #57606a; stroke-width: 1.5 }
        path.bytes { stroke: #0969da; stroke-width: 4 }
        path.dash { stroke-dasharray: 5 4 }
        .head { fill: #57606a; stroke: none }
        .head.bytes { fill: #0969da }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .page { fill: #0d1117; stroke: #30363d }
          .plain { fill: #21262d; stroke: #8b949e }
          .seen { fill: #12361e; stroke: #3fb950 }
          .work { fill: #10294a; stroke: #58a6ff }
          .gone { fill: #0d1117; stroke: #6e7681 }
          .dark { fill: #47240f; stroke: #f0883e }
          path { stroke: #9ea7b3 }
          path.bytes { stroke: #58a6ff }
          .head { fill: #9ea7b3 }
          .head.bytes { fill: #58a6ff }
        }
      </style>
      """;

  private final StringBuilder svg = new StringBuilder();
  private String title = "";
  private String desc = "";
  private int width;
  private int height;

  private Draw() {}

  public static void main(String[] none) throws IOException {
    Path folder = Path.of("docs", "pictures");
    List<Path> texts;
    try (Stream<Path> files = Files.list(folder)) {
      texts = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    for (Path text : texts) {
      Draw draw = new Draw();
      for (String line : Files.readAllLines(text)) {
        if (!line.isBlank() && !line.startsWith("#")) {
          draw.shape(line);
        }
      }
      String name = text.getFileName().toString().replace(".txt", ".svg");
      Files.writeString(folder.resolve(name), draw.picture());
    }
  }

  private void shape(String line) {
    String[] word = line.split(" +", 2);
    String rest = word[1];
    switch (word[0]) {
      case "size" -> {
        width = number(rest, 0);
        height = number(rest, 1);
      }
      case "title" -> title = rest;
      case "desc" -> desc = rest;
      case "box" -> box(rest.split(" +", 6));
      case "arrow" -> arrow(rest.split(" +"), true);
      case "line" -> arrow(rest.split(" +"), false);
      case "label" -> {
        String[] part = rest.split(" +", 4);
        text(Integer.parseInt(part[0]), Integer.parseInt(part[1]), part[2], "", part[3]);
      }
      default -> throw new IllegalArgumentException(line);
    }
  }

  private static int number(String words, int at) {
    return Integer.parseInt(words.split(" +")[at]);
  }

  private void box(String[] part) {
    int x = Integer.parseInt(part[0]);
    int y = Integer.parseInt(part[1]);
    int w = Integer.parseInt(part[2]);
    int h = Integer.parseInt(part[3]);
    svg.append(
        "  <rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n"
            .formatted(part[4], x, y, w, h));
    String[] lines = part.length < 6 ? new String[0] : part[5].split(" / ");
    for (int i = 0; i < lines.length; i++) {
      int middle = y + h / 2 + 5 - (lines.length - 1) * 8 + i * 16;
      text(x + w / 2, middle, "middle", i == 0 ? "box" : "", lines[i]);
    }
  }

  private void arrow(String[] part, boolean hasHead) {
    int[] at = new int[4];
    for (int i = 0; i < 4; i++) {
      at[i] = Integer.parseInt(part[i]);
    }
    double length = Math.hypot(at[2] - at[0], at[3] - at[1]);
    double dx = (at[2] - at[0]) / length;
    double dy = (at[3] - at[1]) / length;
    double size = part[4].equals("bytes") ? 12 : hasHead ? 8 : 0;
    double bx = at[2] - dx * size;
    double by = at[3] - dy * size;
    double wide = size / 2;
    svg.append(
        "  <path class=\"%s\" d=\"M%d %dL%d %d\"/>\n"
            .formatted(part[4], at[0], at[1], Math.round(bx), Math.round(by)));
    if (!hasHead) {
      return;
    }
    svg.append(
        "  <polygon class=\"head %s\" points=\"%d,%d %d,%d %d,%d\"/>\n"
            .formatted(
                part[4],
                at[2],
                at[3],
                Math.round(bx - dy * wide),
                Math.round(by + dx * wide),
                Math.round(bx + dy * wide),
                Math.round(by - dx * wide)));
  }

  private void text(int x, int y, String anchor, String kind, String words) {
    svg.append(
        "  <text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
            .formatted(kind, x, y, anchor, escaped(words)));
  }

  private static String escaped(String words) {
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private String picture() {
    String shapes = svg.toString().lines().collect(Collectors.joining("\n"));
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
          <title>%s</title>
          <desc>%s</desc>
        %s  <rect class="page" x="0.5" y="0.5" width="%d" height="%d" rx="8"/>
          <text class="title" x="14" y="27">%s</text>
        %s
        </svg>
        """
        .formatted(
            width,
            height,
            width,
            height,
            escaped(title),
            escaped(desc),
            STYLE.indent(2),
            width - 1,
            height - 1,
            escaped(title),
            shapes);
  }
}
