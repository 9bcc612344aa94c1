package dev.stowage.house.planted.evidence;

import dev.stowage.house.planted.lifecycle.documents.Document;

/** Planted for the test of the arrows: a room is no guest where another is. */
public final class EvidenceKnowsDocument {
  Class<?> document = Document.class;
}
