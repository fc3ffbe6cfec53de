//! The order of functions in a program. Compressors look for likeness nearby: functions of one signature side by
//! side, in the order of their bytes, make the download a fiftieth smaller than the order that bindgen leaves
//! (docs/decisions/wasm-size.md). Nothing else changes: whoever names a function by its number is renumbered.

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

use crate::trouble::{Doing, Result, Trouble};

/// The same program with like functions side by side, every number as short as it can be, and no names.
fn by_likeness(wasm: &[u8]) -> Result<Vec<u8>> {
    let told = |reason: &dyn std::fmt::Display| Trouble::new(format!("ordering functions: {reason}"));
    let mut order = Order::of(wasm).map_err(|reason| told(&reason))?;
    let mut module = Module::new();
    order.parse_core_module(&mut module, Parser::new(0), wasm).map_err(|reason| told(&reason))?;
    Ok(module.finish())
}

/// The same for a file, in its place.
pub fn file(path: &Path) -> Result<()> {
    let wasm = fs::read(path).doing(|| format!("reading {}", path.display()))?;
    fs::write(path, by_likeness(&wasm)?).doing(|| format!("writing {}", path.display()))
}

struct Order {
    /// Functions that come from outside: their numbers come first and stay.
    imported: u32,
    /// Own functions as they will stand, by their old place.
    old: Vec<usize>,
    /// Where each own function will stand, by its old place.
    new: Vec<u32>,
}

impl Order {
    fn of(wasm: &[u8]) -> wasmparser::Result<Self> {
        let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ImportSection(section) => imported = functions_in(section)?,
                Payload::FunctionSection(section) => {
                    types = section.into_iter().collect::<std::result::Result<_, _>>()?
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
                _ => {}
            }
        }
        let mut old: Vec<usize> = (0..bodies.len()).collect();
        old.sort_by_key(|&own| (types.get(own).copied().unwrap_or(0), bodies[own]));
        let mut new = vec![0; old.len()];
        for (place, &own) in (0..).zip(&old) {
            new[own] = place;
        }
        Ok(Self { imported, old, new })
    }
}

fn functions_in(section: wasmparser::ImportSectionReader<'_>) -> wasmparser::Result<u32> {
    let mut count = 0;
    for import in section.into_imports() {
        count += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
    }
    Ok(count)
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, number: u32) -> std::result::Result<u32, Error<Infallible>> {
        let own = number.checked_sub(self.imported).and_then(|own| self.new.get(own as usize));
        Ok(own.map_or(number, |place| self.imported + place))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        let types: Vec<u32> = section.into_iter().collect::<std::result::Result<_, _>>()?;
        for &own in &self.old {
            functions.function(types[own]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        let bodies: Vec<FunctionBody<'_>> = section.into_iter().collect::<std::result::Result<_, _>>()?;
        for own in self.old.clone() {
            self.parse_function_body(code, bodies[own].clone())?;
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        _module: &mut Module,
        _section: wasmparser::CustomSectionReader<'_>,
    ) -> std::result::Result<(), Error<Infallible>> {
        Ok(()) // names and notes for tools
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        ExportKind, ExportSection, Function, ImportSection, Instruction, TypeSection, ValType,
    };

    /// One imported function; own ones return 7, 3, what the first own one returns.
    fn program() -> Vec<u8> {
        let (mut types, mut imports, mut module) = (TypeSection::new(), ImportSection::new(), Module::new());
        types.ty().function([], [ValType::I32]);
        imports.import("js", "f", wasm_encoder::EntityType::Function(0));
        let (mut functions, mut code, mut exports) =
            (FunctionSection::new(), CodeSection::new(), ExportSection::new());
        let bodies = [Instruction::I32Const(7), Instruction::I32Const(3), Instruction::Call(1)];
        for (number, body) in (1..).zip(bodies) {
            functions.function(0);
            let mut function = Function::new([]);
            function.instruction(&body).instruction(&Instruction::End);
            code.function(&function);
            exports.export(&format!("f{number}"), ExportKind::Func, number);
        }
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    /// Number and body of the function that is exported under this name.
    fn exported(wasm: &[u8], name: &str) -> (u32, Vec<u8>) {
        let (mut number, mut bodies) = (0, Vec::new());
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.unwrap() {
                Payload::ExportSection(exports) => {
                    number = exports
                        .into_iter()
                        .map(std::result::Result::unwrap)
                        .find(|one| one.name == name)
                        .unwrap()
                        .index;
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes().to_vec()),
                _ => {}
            }
        }
        (number, bodies[number as usize - 1].clone())
    }

    #[test]
    fn like_functions_stand_together_and_every_name_leads_where_it_led() {
        let (before, after) = (program(), by_likeness(&program()).unwrap());
        for name in ["f1", "f2"] {
            assert_eq!(exported(&before, name).1, exported(&after, name).1);
        }
        let (first, _) = exported(&after, "f1");
        assert_eq!(exported(&after, "f3").1, [0, 0x10, first as u8, 0x0b], "a call follows the function");
        let numbers = ["f3", "f2", "f1"].map(|name| exported(&after, name).0);
        assert_eq!(numbers, [1, 2, 3], "in the order of their bytes");
        assert_eq!(by_likeness(&after).unwrap().len(), after.len());
    }

    #[test]
    fn what_is_no_program_is_said_to_be_none() {
        assert!(by_likeness(b"not wasm").unwrap_err().to_string().starts_with("ordering functions"));
    }
}
