//! The matrix as JSON; docs/matrix.schema.json describes it.

use super::cell::Cell;
use super::grid::Matrix;
use crate::base::json::{Value, json as value};

/// The matrix as JSON, indented.
pub fn json(matrix: &Matrix) -> String {
    let report = value!({
        "mockstack": "matrix",
        "verdict": matrix.name(),
        "exit_code": matrix.exit_code(),
        "clouds": matrix.clouds,
        "clients": matrix.clients,
        "cells": matrix.cells.iter().map(of_cell).collect::<Vec<_>>(),
        "unused": matrix.unused,
    });
    format!("{report:#}\n")
}

fn of_cell(cell: &Cell) -> Value {
    let (requests, accepted) = cell.requests;
    value!({
        "cloud": cell.cloud, "client": cell.client, "state": cell.state().name(),
        "verdict": cell.name(), "exit_code": cell.exit_code(), "reason": cell.reason, "known": cell.known,
        "requests": requests, "accepted": accepted, "seconds": cell.took.as_secs_f64(),
        "text": cell.verdict, "output": cell.output,
    })
}
