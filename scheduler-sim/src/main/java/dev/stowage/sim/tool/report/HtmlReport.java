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
 * Writes a run as one HTML page that opens from disk without a network: charts, the same numbers as
 * tables, and how to run it again. Style, script and the charting library are inlined. The page is
 * the template {@code report.ftlh}, which escapes every value.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /** Returns the page about {@code run}. Equal runs give equal pages, byte for byte. */
  public static String of(RunRecord run) {
    Configuration templates = templates();
    ChartData charts = new ChartData(run);
    Map<String, Object> model = new HashMap<>();
    model.put("run", run);
    model.put("charts", charts.json());
    model.put("causes", charts.causes());
    model.put("css", resource("report.css"));
    model.put("library", library());
    model.put("script", resource("report.js"));
    StringWriter page = new StringWriter();
    try {
      TemplateHashModel classes =
          ((DefaultObjectWrapper) templates.getObjectWrapper()).getStaticModels();
      model.put("text", classes.get(NumberFormats.class.getName()));
      model.put("budgets", classes.get(BudgetText.class.getName()));
      templates.getTemplate("report.ftlh").process(model, page);
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
