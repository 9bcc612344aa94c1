/**
 * By which path, from whom, and with what repair does a transfer go? Five independent parts, each
 * over the host's figures and the host's time: which source is best ({@link
 * dev.stowage.transfer.PeerBook}), which chunk is sent next ({@link
 * dev.stowage.transfer.TransferScheduler}), over which paths ({@link
 * dev.stowage.transfer.PathSelector}), what to do about losses ({@link
 * dev.stowage.transfer.RepairPolicy}), and which pieces are rare ({@link
 * dev.stowage.transfer.RarityIndex}).
 */
@NullMarked
package dev.stowage.transfer;

import org.jspecify.annotations.NullMarked;
