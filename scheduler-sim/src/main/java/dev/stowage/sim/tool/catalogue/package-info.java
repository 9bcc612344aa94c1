/** The input of a run: a catalogue of chunks and the corrections that replace some of them. */
@NullMarked
package dev.stowage.sim.tool.catalogue;

import org.jspecify.annotations.NullMarked;
