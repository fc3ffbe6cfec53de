//! Arguments of a command, read by name. A word that nobody asked for is an error, not ignored: a typing
//! mistake in `--dry-run` must not import for real.

use super::stop::Stop;
use std::path::PathBuf;

/// What stands behind the command.
#[derive(Debug)]
pub struct Args {
    words: Vec<String>,
}

impl Args {
    /// From the words behind the command.
    pub fn new(words: impl IntoIterator<Item = String>) -> Self {
        let split = |word: String| match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => vec![name.to_string(), value.to_string()],
            _ => vec![word],
        };
        Self { words: words.into_iter().flat_map(split).collect() }
    }
    /// Takes a switch such as `--dry-run`.
    pub fn flag(&mut self, name: &str) -> bool {
        let place = self.words.iter().position(|word| word == name);
        place.map(|place| self.words.remove(place)).is_some()
    }
    /// Takes an option with its value.
    ///
    /// # Errors
    /// The option without a value.
    pub fn option(&mut self, name: &str) -> Result<Option<String>, Stop> {
        let Some(place) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        if self.words.get(place + 1).is_none_or(|value| value.starts_with("--")) {
            let en = format!("{name} needs a value behind it");
            return Err(Stop::usage(format!("{name} 后面要写一个值"), en));
        }
        self.words.remove(place);
        Ok(Some(self.words.remove(place)))
    }
    /// Takes an option that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn required(&mut self, name: &str) -> Result<String, Stop> {
        self.option(name)?.ok_or_else(|| Stop::usage(format!("缺少 {name}"), format!("{name} is missing")))
    }
    /// Takes a path that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn path(&mut self, name: &str) -> Result<PathBuf, Stop> {
        self.required(name).map(PathBuf::from)
    }
    /// Takes the first word without a name, such as the file to import.
    ///
    /// # Errors
    /// When there is none; `what` says what it should be.
    pub fn word(&mut self, what: (&str, &str)) -> Result<String, Stop> {
        match self.words.iter().position(|word| !word.starts_with("--")) {
            Some(place) => Ok(self.words.remove(place)),
            None => Err(Stop::usage(format!("缺少{}", what.0), format!("{} is missing", what.1))),
        }
    }
    /// Nothing may be left.
    ///
    /// # Errors
    /// With the first word that nobody asked for.
    pub fn end(self) -> Result<(), Stop> {
        match self.words.first() {
            None => Ok(()),
            Some(word) => {
                Err(Stop::usage(format!("不认识的参数 {word}"), format!("{word} is not known here")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(String::from))
    }

    #[test]
    fn options_may_stand_in_any_order_and_with_an_equals_sign() {
        let mut args = args("roster.csv --dry-run --data=/srv/x --units u.csv");
        assert!(args.flag("--dry-run"));
        assert_eq!(args.option("--units").unwrap().as_deref(), Some("u.csv"));
        assert_eq!(args.path("--data").unwrap(), PathBuf::from("/srv/x"));
        assert_eq!(args.word(("文件", "the file")).unwrap(), "roster.csv");
        assert!(args.end().is_ok());
    }

    #[test]
    fn a_typing_mistake_is_told_and_not_ignored() {
        let mut dry = args("roster.csv --dryrun");
        assert!(!dry.flag("--dry-run"));
        dry.word(("文件", "the file")).unwrap();
        assert!(dry.end().unwrap_err().to_string().contains("--dryrun"));
        assert!(args("--data --site x").option("--data").is_err());
        assert!(args("").required("--data").is_err());
    }
}
