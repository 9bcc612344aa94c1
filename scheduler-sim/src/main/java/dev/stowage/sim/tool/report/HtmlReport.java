package dev.stowage.sim.tool.report;

import freemarker.cache.ClassTemplateLoader;
import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapper;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateHashModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Writes runs as one HTML page that opens from disk without a network: charts, the same numbers as
 * tables, and how to run it again. Style, scripts and the charting library are inlined. A page is a
 * template, which escapes every value.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /** Returns the page about {@code run}. Equal runs give equal pages, byte for byte. */
  public static String of(RunRecord run) {
    ChartData charts = new ChartData(run);
    Map<String, Object> values = new HashMap<>();
    values.put("run", run);
    values.put("charts", charts.json());
    values.put("causes", charts.causes());
    return page("report", values);
  }

  /**
   * Returns the page of a template with its script.
   *
   * @param name the name of both
   * @param values what the template names; {@code charts} is the JSON that the script reads
   */
  public static String page(String name, Map<String, Object> values) {
    Configuration templates = templates();
    Map<String, Object> model = new HashMap<>(values);
    model.put("css", resource("report.css"));
    model.put("library", library());
    model.put("common", resource("page.js"));
    model.put("script", resource(name + ".js"));
    StringWriter page = new StringWriter();
    try {
      TemplateHashModel classes =
          ((DefaultObjectWrapper) templates.getObjectWrapper()).getStaticModels();
      model.put("text", classes.get(NumberFormats.class.getName()));
      model.put("budgets", classes.get(BudgetText.class.getName()));
      templates.getTemplate(name + ".ftlh").process(model, page);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (TemplateException fault) {
      throw new IllegalStateException("the report's template does not fit the run", fault);
    }
    return page.toString();
  }

  /** Returns the settings of the templates, which no environment changes. */
  private static Configuration templates() {
    Configuration templates = new Configuration(Configuration.VERSION_2_3_35);
    templates.setTemplateLoader(new ClassTemplateLoader(HtmlReport.class, ""));
    templates.setDefaultEncoding(StandardCharsets.UTF_8.name());
    templates.setLocale(Locale.ROOT);
    templates.setNumberFormat(",##0");
    templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    templates.setLogTemplateExceptions(false);
    return templates;
  }

  private static String library() {
    Properties charts = new Properties();
    try (InputStream bytes = HtmlReport.class.getResourceAsStream("charts.properties")) {
      charts.load(bytes);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    String script = resource("/" + charts.getProperty("script"));
    int sourceMap = script.lastIndexOf("//# sourceMappingURL");
    return sourceMap < 0 ? script : script.substring(0, sourceMap);
  }

  private static String resource(String path) {
    try (InputStream bytes = HtmlReport.class.getResourceAsStream(path)) {
      if (bytes == null) {
        throw new IOException("no resource " + path);
      }
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
