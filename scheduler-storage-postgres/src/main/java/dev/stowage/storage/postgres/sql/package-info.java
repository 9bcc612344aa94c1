/**
 * How statements reach the server: transactions, batches, bulk copies, time limits, and what a
 * failure of the server means.
 */
@NullMarked
package dev.stowage.storage.postgres.sql;

import org.jspecify.annotations.NullMarked;
