//! Reading CSV: what is accepted, what is refused and where, whatever the bytes and however they come.

mod owners;

use cstruct_sys::*;
use owners::*;

/// Reads the text in pieces of every size and compares what comes out.
fn same(text: &str, want: &str) {
    for step in 1..=text.len() {
        let (status, ctx) = read(text.as_bytes(), step, None);
        let ctx = ctx.expect("a handle");
        assert_eq!(status, OK, "{text:?}: {}", ctx.message());
        assert_eq!(ctx.message(), "");
        let list = ctx.take().expect("records");
        assert_eq!(String::from_utf8_lossy(&list.csv()), want, "{text:?} in steps of {step}");
    }
}

fn fault(text: &str, line: u64, column: u64, what: &str) {
    for step in 1..=text.len().max(1) {
        let (status, ctx) = read(text.as_bytes(), step, None);
        let ctx = ctx.expect("a handle");
        assert_eq!(status, cstruct_status::CSTRUCT_PARSE, "{text:?}");
        assert_eq!(ctx.at(), (line, column), "{text:?}: {}", ctx.message());
        let want = format!("line {line}, column {column}: {what}");
        assert!(ctx.message().starts_with(&want), "{text:?}: {}", ctx.message());
        assert_eq!(ctx.count(), 0);
    }
}

#[test]
fn every_line_end_and_blank_lines() {
    let want = "name,value,s1\na,1,2\nb,3,4\n";
    same("n,v,s\na,1,2\nb,3,4\n", want);
    same("n,v,s\r\na,1,2\r\nb,3,4\r\n", want);
    same("n,v,s\na,1,2\nb,3,4", want);
    same("\n\r\nn,v,s\n\n\r\na,1,2\n\nb,3,4\n\n", want);
    same("\u{feff}\"n,n\",v,s\na,1,2\nb,3,4\r", want);
}

#[test]
fn quotes_hold_everything_and_open_only_at_the_beginning() {
    same("n,v\n\"a\"\"b\r\n,\",\"5\"\n", "name,value\n\"a\"\"b\r\n,\",5\n");
    same("n,v\n\"\",6\n5\" pipe,7\n", "name,value\n,6\n\"5\"\" pipe\",7\n");
    same("n,v,s\nx,+1,\"\"\n", "name,value,s1\nx,1,\n");
}

#[test]
fn numbers_in_every_legal_form() {
    same(
        "n,v,a,b,c,d,e,f,g\n,-2147483648,.5,5.,1e3,+2,NaN,,-Infinity\n",
        "name,value,s1,s2,s3,s4,s5,s6,s7\n,-2147483648,0.5,5,1000,2,,,-inf\n",
    );
    // Exponents that no double has, and zeroes that no exponent changes.
    let zeroes = "0".repeat(30);
    same(
        &format!("n,v,s,s,s,s\na,1,1e-99999,0e99999,{zeroes},-1{zeroes}\n"),
        "name,value,s1,s2,s3,s4\na,1,0,0,0,-1e+30\n",
    );
    // As many digits as %.15g has, and more.
    same(
        "n,v,s,s\na,1,100000000000000.3,12345678.12345678\n",
        "name,value,s1,s2\na,1,100000000000000.3,12345678.12345678\n",
    );
    let hard = "9007199254740993.00000000000000000000000000000000000000001";
    let want = "name,value,s1\na,1,9007199254740994\n";
    same(&format!("n,v,s\na,1,{hard}\n"), want);
    // A digit far behind decides which way a number half way between two doubles goes.
    same(&format!("n,v,s\na,1,9007199254740993.{}1\n", "0".repeat(900)), want);
}

#[test]
fn what_is_refused_is_named_with_its_place() {
    fault("", 1, 1, "there is no header line");
    fault("\n\n", 1, 1, "there is no header line");
    fault("name\n", 1, 5, "the header has one column");
    fault("\u{feff}n\n", 1, 5, "the header has one column");
    fault("n,v,s\na,1,2\nbb,12x,3\n", 3, 4, "`12x` is not a whole number");
    fault("n,v,s\na,1,2\n\nb,1,x\u{1b}é\n", 4, 5, "`x\\x1b\\xc3\\xa9` is not a number");
    fault("n,v\na,2147483648\n", 2, 3, "`2147483648` does not fit into 32 bits");
    fault("n,v\na,-99999999999999999999999999\n", 2, 3, "`-99999999999999999999999999` does not fit");
    fault("n,v,s\na,,2\n", 2, 3, "the value is missing");
    fault("n,v,s\na,1,1e999\n", 2, 5, "`1e999` is too large");
    fault("n,v,s\na,1,1e99999\n", 2, 5, "`1e99999` is too large");
    fault("n,v,s\na,1, 2\n", 2, 5, "` 2` is not a number");
    fault("n,v,s\na,1,0x2\n", 2, 5, "`0x2` is not a number");
    fault("n,v,s\na,1\n", 2, 4, "the line has 2 columns and the header has 3");
    fault("n,v,s\na\n", 2, 2, "the line has 1 column and the header has 3");
    fault("n,v,s\na,1,2,3,4\n", 2, 7, "the line has 5 columns and the header has 3");
    fault("n,v,s\na,1,\"2\n", 2, 5, "the quote that opens here is never closed");
    fault("n,v,s\na,1,\"2\"x\n", 2, 8, "there is text behind the closing quote");
    fault("n,v,s\na,1,2\0\n", 2, 6, "there is a NUL byte");
    fault("\"n\n\0\",v\n", 2, 1, "there is a NUL byte");
    fault("n,v,s\n\"l1\nl2\n\",1,2\n\"m\nn\",1,zz\n", 6, 6, "`zz` is not a number");
    let long = "1".repeat(100) + "x";
    let shown = format!("`{}...` is not a number", &long[..40]);
    fault(&format!("n,v,s\na,1,{long}\n"), 2, 5, &shown);
}

#[test]
fn options_change_delimiter_quote_and_missing() {
    let mut o = options();
    (o.delimiter, o.quote, o.missing) = (b';' as _, b'\'' as _, c"-999".as_ptr());
    let (status, ctx) = read(b"n;v;s;s;s\n'a;''b';1;-999;2;'-999'\nx,;1;-999;-9990;\ny;2;-998;-999;5\n", 5, Some(&o));
    assert_eq!(status, OK);
    let csv = ctx.unwrap().take().unwrap().csv();
    assert_eq!(csv, b"name,value,s1,s2,s3\na;'b,1,,2,\n\"x,\",1,,-9990,\ny,2,-998,,5\n");
    for wrong in *b"'\0a0.+-\r\nZ" {
        o.delimiter = wrong as _;
        let (status, ctx) = read(b"", 1, Some(&o));
        assert_eq!(status, cstruct_status::CSTRUCT_INVALID, "{wrong}");
        assert!(ctx.is_none());
    }
    for wrong in *b"\0a0.+-\r\nZ" {
        o = options();
        o.quote = wrong as _;
        assert_eq!(read(b"", 1, Some(&o)).0, cstruct_status::CSTRUCT_INVALID, "{wrong}");
    }
    // What stands beside the letters and the digits is neither.
    for right in *b"/:@[`{\x7f\x80\xff" {
        o = options();
        o.delimiter = right as _;
        let text = [b'n', right, b'v', b'\n', b'a', right, b'1'];
        let (status, ctx) = read(&text, 1, Some(&o));
        assert_eq!((status, ctx.expect("a handle").count()), (OK, 1), "{right}");
    }
    o = options();
    o.version = 7;
    let (status, ctx) = read(b"", 1, Some(&o));
    assert_eq!(status, cstruct_status::CSTRUCT_VERSION);
    assert!(ctx.unwrap().message().contains("version 7"));
}

#[test]
fn the_longest_line_is_counted_exactly() {
    let mut o = options();
    for max in 1..14 {
        o.max_line = max;
        for step in [1, 7, 100] {
            let (status, ctx) = read(b"n,v\nabcdef,123\r\n", step, Some(&o));
            let ctx = ctx.unwrap();
            if max >= 10 {
                assert_eq!((status, ctx.count()), (OK, 1));
            } else {
                assert_eq!((status, ctx.at()), (cstruct_status::CSTRUCT_PARSE, (if max < 3 { 1 } else { 2 }, 1)));
            }
        }
    }
}

#[test]
fn a_line_end_is_never_cut_in_two() {
    let mut o = options();
    o.max_line = 10;
    let (status, ctx) = read(b"n,v\nabcdef,123\r\nx\n", 1, Some(&o));
    assert_eq!((status, ctx.unwrap().at()), (cstruct_status::CSTRUCT_PARSE, (3, 2)));
}

#[test]
fn lines_of_ten_megabytes() {
    const SIZE: usize = 10_000_000;
    let name = "x".repeat(SIZE);
    for text in [format!("n,v\n{name},1\n"), format!("n,v\n\"{name}\",1")] {
        let (status, ctx) = read(text.as_bytes(), 1000, None);
        assert_eq!(status, OK);
        assert_eq!(ctx.unwrap().take().unwrap().name().unwrap().count_bytes(), SIZE);
    }
    let open_quote = format!("n,v\n\"{name}");
    let (status, ctx) = read(open_quote.as_bytes(), usize::MAX, None);
    assert_eq!((status, ctx.unwrap().at()), (cstruct_status::CSTRUCT_PARSE, (2, 1)));
    // A header of many columns must not make the short line behind it ask for their memory.
    let wide = format!("{}\na,1\n", ",".repeat(SIZE));
    let (status, ctx) = read(wide.as_bytes(), usize::MAX, None);
    assert_eq!((status, ctx.unwrap().at()), (cstruct_status::CSTRUCT_PARSE, (2, 4)));
}

#[test]
fn any_bytes_give_a_list_that_reads_back_or_a_place() {
    const BYTES: &[u8] = b",,,,\"\"\n\n\r;0123456789.eE+-naif\0x\xef";
    const NAMES: &[&str] = &["a,", ",", "\"q\"\"\n,\",", "\"\",", "\r\nlong name,"];
    const VALUES: &[&str] = &["1,", "-2147483648,", "\"7\",", "+0,"];
    const SAMPLES: &[&str] = &["\n", "0.1\r\n", "\"-3e5\"\n", "inf\n", "NaN\n\n", "12345678901234567890.5\n"];
    let mut seed = 88_172_645_463_325_252_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    let mut read_well = 0;
    for round in 0..40_000 {
        let mut text = b"n,v,s\n".to_vec();
        if round % 2 == 0 {
            for _ in 0..next(4) {
                for fields in [NAMES, VALUES, SAMPLES] {
                    text.extend_from_slice(fields[next(fields.len())].as_bytes());
                }
            }
        }
        for _ in 0..next(4) * next(12) {
            let at = next(text.len() + 1);
            text.insert(at, BYTES[next(BYTES.len())]);
        }
        let (status, whole) = read(&text, usize::MAX, None);
        let (again, pieces) = read(&text, 1 + next(9), None);
        let (whole, pieces) = (whole.unwrap(), pieces.unwrap());
        assert_eq!((status, whole.at(), whole.message()), (again, pieces.at(), pieces.message()), "{text:?}");
        if status != OK {
            assert_eq!(status, cstruct_status::CSTRUCT_PARSE);
            assert_ne!(whole.at(), (0, 0));
        } else if let Ok(list) = whole.take() {
            let csv = list.csv();
            let (_, back) = read(&csv, usize::MAX, None);
            assert_eq!(back.unwrap().take().unwrap().csv(), csv);
            read_well += 1;
        }
    }
    assert!(read_well > 5000, "too few of the random texts were legal: {read_well}");
}
