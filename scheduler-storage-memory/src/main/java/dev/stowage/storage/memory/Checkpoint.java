package dev.stowage.storage.memory;

import dev.stowage.store.News;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that a store held at one moment; opaque, and good for any number of restores. */
public final class Checkpoint {
  final Books.Rows rows;
  final List<News.Item> news;
  final Map<Long, Long> commits;
  final History history;

  Checkpoint(Books.Rows rows, List<News.Item> news, Map<Long, Long> commits, History history) {
    this.rows = rows;
    this.news = List.copyOf(news);
    this.commits = new TreeMap<>(commits);
    this.history = history.copy();
  }
}
